"""Asking intake who a stranger is. The address is in no event and in no row: only in the mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel

from services.notify.mail.asking import Peer


class Stranger(BaseModel):
    """What intake says of a stranger's mail."""

    address: str
    subject: str
    message_id: str | None
    references: Sequence[str]


@dataclass(frozen=True)
class Strangers:
    intake: Peer

    async def find(self, mail: UUID) -> Stranger | None:
        """None when somebody has said whose it is, discarded it, or it was erased. Raises NotNow."""
        answer = await self.intake.ask("GET", f"/mails/{mail}/sender")
        return None if answer is None else Stranger.model_validate_json(answer)
