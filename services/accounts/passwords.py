"""Passwords: argon2id in threads, only so many at once."""

import asyncio
import secrets
import unicodedata
from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from pydantic import AfterValidator, Field, SecretStr

from libs.service.text import ANY, storable

SHORTEST = 10
LONGEST = 200


def _storable(password: SecretStr) -> SecretStr:
    storable(password.get_secret_value())
    return password


def _acceptable(password: SecretStr) -> SecretStr:
    if not SHORTEST <= len(_storable(password)) <= LONGEST:
        raise ValueError(f"A password has {SHORTEST} to {LONGEST} characters")
    return password


NewPassword = Annotated[
    SecretStr,
    AfterValidator(_acceptable),
    Field(json_schema_extra={"minLength": SHORTEST, "maxLength": LONGEST, "pattern": ANY}),
]
TypedPassword = Annotated[
    SecretStr, AfterValidator(_storable), Field(max_length=LONGEST, json_schema_extra={"pattern": ANY})
]
"""A password as somebody offers it at sign-in."""


class Passwords:
    def __init__(self, hasher: PasswordHasher, at_once: int) -> None:
        self._hasher = hasher
        self._slots = asyncio.Semaphore(at_once)
        self._decoy = hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: SecretStr) -> str:
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def matches(self, known_hash: str | None, password: SecretStr) -> bool:
        """Tell whether it is the password; without a hash it is not, which takes as long to find out."""
        async with self._slots:
            same = await asyncio.to_thread(self._verify, known_hash or self._decoy, _normal(password))
        return same and known_hash is not None

    def is_outdated(self, known_hash: str) -> bool:
        """Tell whether the hash was made with other settings than those of now."""
        return self._hasher.check_needs_rehash(known_hash)

    def _verify(self, known_hash: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(known_hash, password)
        except VerifyMismatchError:
            return False


def _normal(password: SecretStr) -> bytes:
    """Answer what is hashed: keyboards write the same letters in different ways (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password.get_secret_value()).encode()
