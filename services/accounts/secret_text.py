"""Secrets that are made here, shown once, and kept as hashes."""

import hashlib
import secrets

from pydantic import SecretStr

SECRET_BYTES = 32
PATTERN = "[A-Za-z0-9_-]{43}"
"""What a secret looks like within a regular expression."""


def made() -> SecretStr:
    """Answer 256 random bits, base64url."""
    return SecretStr(secrets.token_urlsafe(SECRET_BYTES))


def hashed(secret: SecretStr) -> bytes:
    """A plain hash is enough: nobody can try out 2^256 secrets."""
    return hashlib.sha256(secret.get_secret_value().encode()).digest()
