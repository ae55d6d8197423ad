"""Reading other services' logs over HTTP: for rebuilding, for healing gaps, and for what is older than the stream.

A reader says where it stands: position, id of the event there, and the epoch it knows. A writer that does not find this
event in its own log has been restored to an earlier point, and the reader learns that it has to compare.
"""

from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from libs.events import envelope
from libs.events.envelope import Event


class Diverged(Exception):
    """The reader has seen an event that is not in the log (any more)."""

    def __init__(self, service: str, epoch: str) -> None:
        super().__init__(f"{service} is in epoch {epoch}, and what was read before is not in it")
        self.service = service
        self.epoch = epoch


@dataclass(frozen=True, slots=True)
class Page:
    """Events after a position; `is_last` when there were no more at that moment."""

    epoch: str
    events: list[Event]
    is_last: bool


class Feed:
    """Reads other services' logs over HTTP."""

    def __init__(self, client: httpx.AsyncClient, urls: dict[str, str], system_key: str) -> None:
        self._client = client
        self._urls = urls
        self._headers = {"Authorization": f"Bearer {system_key}"}

    async def read(
        self,
        service: str,
        after: int,
        *,
        event_id: str | None = None,
        epoch: str | None = None,
        limit: int = 1000,
    ) -> Page:
        """Raises Diverged, or httpx.HTTPError when the service does not answer."""
        params: dict[str, Any] = {"after": after, "limit": limit}
        params |= {name: value for name, value in (("event_id", event_id), ("epoch", epoch)) if value}
        response = await self._client.get(
            f"{self._urls[service]}/api/{service}/log", params=params, headers=self._headers
        )
        if response.status_code == httpx.codes.CONFLICT and "epoch" in (problem := _json(response)):
            raise Diverged(service, problem["epoch"])
        response.raise_for_status()
        page = _json(response)
        return Page(page["epoch"], [envelope.from_json(raw) for raw in page["events"]], page["is_last"])


def _json(response: httpx.Response) -> dict[str, Any]:
    """The body; DecodingError, an HTTPError, when somebody else has answered."""
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError as error:
        raise httpx.DecodingError(f"no JSON from {response.url}", request=response.request) from error
    return body if isinstance(body, dict) else {}
