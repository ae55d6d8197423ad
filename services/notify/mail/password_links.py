"""Asking accounts for what a password mail needs. The secret is in no event, no row and no log line: only in the mail."""

from dataclasses import dataclass

import httpx
from pydantic import AwareDatetime, BaseModel, SecretStr


class NotNow(Exception):
    """Accounts does not answer."""


class PasswordLink(BaseModel):
    """What accounts says of a link: its token, and who is to get it."""

    token: SecretStr
    name: str
    email: str
    expires_at: AwareDatetime


@dataclass(frozen=True)
class PasswordLinks:
    client: httpx.AsyncClient
    accounts_url: str
    system_key: SecretStr

    async def find(self, reset: str) -> PasswordLink | None:
        """None when the link is used up, replaced, or too old. The same token each time, so that a retry is harmless."""
        url = f"{self.accounts_url.rstrip('/')}/api/accounts/password-resets/{reset}/link"
        headers = {"Authorization": f"Bearer {self.system_key.get_secret_value()}"}
        try:
            answer = await self.client.post(url, headers=headers)
        except httpx.HTTPError as error:
            raise NotNow(type(error).__name__) from None
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if not answer.is_success:
            raise NotNow(str(answer.status_code))
        return PasswordLink.model_validate_json(answer.content)
