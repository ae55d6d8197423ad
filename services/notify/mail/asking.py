"""Asking the suite's other services for what a mail needs and no event tells."""

from dataclasses import dataclass

import httpx
from pydantic import SecretStr


class NotNow(Exception):
    """The other service does not answer."""


@dataclass(frozen=True)
class Peer:
    """Another service; `url` is where it answers."""

    name: str
    url: str
    client: httpx.AsyncClient
    system_key: SecretStr

    async def ask(self, method: str, path: str) -> bytes | None:
        """What it answers, `path` being behind its own; None if there is no such thing any more. Raises NotNow."""
        url = f"{self.url.rstrip('/')}/api/{self.name}{path}"
        headers = {"Authorization": f"Bearer {self.system_key.get_secret_value()}"}
        try:
            answer = await self.client.request(method, url, headers=headers)
        except httpx.HTTPError as error:
            raise NotNow(f"{self.name}: {type(error).__name__}") from None
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if not answer.is_success:
            raise NotNow(f"{self.name}: {answer.status_code}")
        return answer.content
