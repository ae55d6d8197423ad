"""What a system's key looks like: `hdk_<id>_<secret>`."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from pydantic import SecretStr

SECRET_BYTES = 32
_SHAPE = re.compile(r"hdk_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class SystemKey:
    id: UUID
    secret: SecretStr

    @property
    def text(self) -> str:
        """The key as a system sends it."""
        return f"hdk_{self.id.hex}_{self.secret.get_secret_value()}"

    @property
    def secret_hash(self) -> bytes:
        return hashlib.sha256(self.secret.get_secret_value().encode()).digest()

    def opens(self, known_hash: bytes | None) -> bool:
        return known_hash is not None and hmac.compare_digest(self.secret_hash, known_hash)


def make(key_id: UUID) -> SystemKey:
    return SystemKey(key_id, SecretStr(secrets.token_urlsafe(SECRET_BYTES)))


def parse(text: SecretStr) -> SystemKey | None:
    """Read a key; None if it does not look like one."""
    found = _SHAPE.fullmatch(text.get_secret_value())
    return SystemKey(UUID(found[1]), SecretStr(found[2])) if found else None
