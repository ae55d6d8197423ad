"""Asking accounts for what a password mail needs. The secret is in no event, no row and no log line: only in the mail."""

from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, SecretStr

from services.notify.mail.asking import Peer


class PasswordLink(BaseModel):
    """What accounts says of a link: its token, and who is to get it."""

    token: SecretStr
    name: str
    email: str
    expires_at: AwareDatetime


@dataclass(frozen=True)
class PasswordLinks:
    accounts: Peer

    async def find(self, reset: str) -> PasswordLink | None:
        """None when the link is used up, replaced, or too old. The same token each time, so that a retry is harmless.

        Raises NotNow.
        """
        answer = await self.accounts.ask("POST", f"/password-resets/{reset}/link")
        return None if answer is None else PasswordLink.model_validate_json(answer)
