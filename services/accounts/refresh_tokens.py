"""What a refresh token looks like: `hdr_<session>_<family>_<secret>`.

The family's secret is in all of a session's refresh tokens and shows that one of them was presented, be it an old one; so
that whoever merely knows a session's id cannot end it. The last part is new with each refresh. It is derived from the one
before and a random salt: the salt is kept here, and of the token its hash, so neither a copy of the database nor a stolen
token is enough to make the next one, and yet the same one can be answered again.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from uuid import UUID

from pydantic import SecretStr

from services.accounts import secret_text
from services.accounts.secret_text import PATTERN

LONGEST = 200
_SHAPE = re.compile(rf"hdr_([0-9a-f]{{32}})_({PATTERN})_({PATTERN})")


@dataclass(frozen=True)
class RefreshToken:
    session: UUID
    family: SecretStr
    secret: SecretStr

    @property
    def text(self) -> str:
        """The token as a client sends it."""
        return f"hdr_{self.session.hex}_{self.family.get_secret_value()}_{self.secret.get_secret_value()}"

    @property
    def family_hash(self) -> bytes:
        return secret_text.hashed(self.family)

    @property
    def secret_hash(self) -> bytes:
        return secret_text.hashed(self.secret)

    def successor(self, salt: bytes) -> "RefreshToken":
        """The token that replaces this one; the same for the same salt."""
        secret = hmac.digest(salt, self.secret.get_secret_value().encode(), hashlib.sha256)
        text = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
        return RefreshToken(self.session, self.family, SecretStr(text))


def first(session: UUID) -> RefreshToken:
    return RefreshToken(session, secret_text.made(), secret_text.made())


def new_salt() -> bytes:
    return secrets.token_bytes(secret_text.SECRET_BYTES)


def parse(text: SecretStr) -> RefreshToken | None:
    """Read a token; None if it does not look like one."""
    found = _SHAPE.fullmatch(text.get_secret_value())
    return RefreshToken(UUID(found[1]), SecretStr(found[2]), SecretStr(found[3])) if found else None
