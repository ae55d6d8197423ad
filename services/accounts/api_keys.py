"""What a system's key looks like: `hdk_<id>_<secret>`."""

import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from pydantic import SecretStr

from services.accounts import secret_text

_SHAPE = re.compile(rf"hdk_([0-9a-f]{{32}})_({secret_text.PATTERN})")


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
        return secret_text.hashed(self.secret)

    def opens(self, known_hash: bytes | None) -> bool:
        return known_hash is not None and hmac.compare_digest(self.secret_hash, known_hash)


def make(key_id: UUID) -> SystemKey:
    return SystemKey(key_id, secret_text.made())


def parse(text: SecretStr) -> SystemKey | None:
    """Read a key; None if it does not look like one."""
    found = _SHAPE.fullmatch(text.get_secret_value())
    return SystemKey(UUID(found[1]), SecretStr(found[2])) if found else None
