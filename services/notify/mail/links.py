"""Links in mails, and the signed ones that need no sign-in."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

from pydantic import SecretStr

from services.notify.domain.kinds import CHOICES, Kind

_SEAL_BYTES = 16
_ID_BYTES = 16


@dataclass(frozen=True)
class Links:
    """`public_url` is where people reach the panel."""

    public_url: str
    secret: SecretStr

    def ticket(self, ticket: UUID) -> str:
        return f"{self.panel}/tickets/{ticket}"

    def password(self, token: SecretStr) -> str:
        """The token stands behind the `#`, which browsers send to nobody: no server's log has it."""
        return f"{self.panel}/password#{token.get_secret_value()}"

    def unsubscribe(self, person: UUID, kind: Kind) -> str:
        return f"{self.panel}/api/notify/unsubscribe/{self.unsubscribe_token(person, kind)}"

    def unsubscribe_token(self, person: UUID, kind: Kind) -> str:
        raw = person.bytes + kind.encode()
        return urlsafe_b64encode(self._seal(raw) + raw).decode().rstrip("=")

    def unsubscribing(self, token: str) -> tuple[UUID, Kind] | None:
        """Who does not want to be told of what any more; None if the token was not made here."""
        try:
            raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        seal, said = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
        if not hmac.compare_digest(seal, self._seal(said)):
            return None
        kind = Kind(said[_ID_BYTES:].decode())
        return (UUID(bytes=said[:_ID_BYTES]), kind) if kind in CHOICES else None

    def _seal(self, raw: bytes) -> bytes:
        key = self.secret.get_secret_value().encode()
        return hmac.digest(key, b"helpdesk unsubscribe " + raw, hashlib.sha256)[:_SEAL_BYTES]

    @property
    def panel(self) -> str:
        return self.public_url.rstrip("/")
