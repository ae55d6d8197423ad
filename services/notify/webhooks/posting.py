"""One request to a receiver: signed, in a limited time, with no redirect followed and little of the answer read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import httpcore
from pydantic import SecretStr
from standardwebhooks import Webhook as Signing

from services.notify.settings import Settings
from services.notify.webhooks.addresses import PrivateAddress, PublicOnly

_ANSWER_BYTES = 65_536
_OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try; `error` is one of ours, never the receiver's words."""

    status: int | None = None
    error: str | None = None

    @property
    def is_taken(self) -> bool:
        return self.error is None and self.status in _OK


class Receiver(Protocol):
    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer: ...


class HttpReceiver:
    """Over HTTP/1.1; connections are not kept, so that each is checked anew where it leads."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, timeout_seconds: float) -> None:
        self._pool = pool
        self._timeout = timeout_seconds

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._post(url, body, headers)
        except PrivateAddress:
            return Answer(error="private_address")
        except TimeoutError:
            return Answer(error="timeout")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            return Answer(error=type(error).__name__)
        except (httpcore.UnsupportedProtocol, ValueError, UnicodeError):
            return Answer(error="bad_url")

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        async with self._pool.stream("POST", url, headers=list(headers.items()), content=body) as response:
            read = 0
            async for chunk in response.aiter_stream():
                read += len(chunk)
                if read > _ANSWER_BYTES:
                    return Answer(response.status, "answer_too_large")
            return Answer(response.status)


@asynccontextmanager
async def http_receiver(settings: Settings) -> AsyncIterator[HttpReceiver]:
    backend = None if settings.webhook_private_networks else PublicOnly()
    async with httpcore.AsyncConnectionPool(
        max_connections=200, max_keepalive_connections=0, network_backend=backend
    ) as pool:
        yield HttpReceiver(pool, settings.webhook_timeout_seconds)


def signed_headers(secret: SecretStr, message: str, now: datetime, body: bytes) -> dict[str, str]:
    """Those of Standard Webhooks, and what the body is."""
    signature = Signing(secret.get_secret_value()).sign(message, now, body.decode())
    return {
        "content-type": "application/cloudevents+json",
        "user-agent": "helpdesk-webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
