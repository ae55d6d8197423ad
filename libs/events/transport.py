"""The connection to NATS. Services start and do their own job without it; whoever needs it waits here."""

import asyncio
from dataclasses import dataclass

import nats.errors
import structlog
from nats.aio.client import Client

from libs.events.waiting import cancelled

logger = structlog.get_logger()

RECONNECT_SECONDS = 0.2
REQUEST_SECONDS = 5.0


@dataclass(frozen=True)
class Names:
    """What things are called on NATS; another namespace keeps two suites on one server apart."""

    namespace: str = "helpdesk"

    def stream(self, service: str) -> str:
        return f"{self.namespace}_{service}"

    def events(self, service: str) -> str:
        """Every event of a service: partition, entity kind, entity id, what happened."""
        return f"{self.namespace}.{service}.*.*.*.*"

    def entity(self, service: str, kind: str, entity: str) -> str:
        return f"{self.namespace}.{service}.*.{kind}.{entity}.*"

    def happening(self, service: str, kind: str, name: str) -> str:
        """Every event of this name, of whatever entity of the kind."""
        return f"{self.namespace}.{service}.*.{kind}.*.{name}"

    def complete(self, service: str) -> str:
        return f"{self.namespace}.{service}.progress.complete"

    def consumed(self, service: str) -> str:
        return f"{self.namespace}.{service}.progress.consumed"


class Transport:
    """One connection, made when first needed and kept through restarts of the server."""

    def __init__(self, url: str, names: Names | None = None) -> None:
        self.names = names or Names()
        self._url = url
        self._client: Client | None = None
        self._connecting = asyncio.Lock()

    async def client(self) -> Client:
        """The connection; waits until there is one."""
        async with self._connecting:
            if self._client is None or self._client.is_closed:
                self._client = await self._connect()
            while not self._client.is_connected:  # noqa: ASYNC110 - nats-py has no event for it, only a callback
                await asyncio.sleep(RECONNECT_SECONDS)
            return self._client

    def connected(self) -> Client | None:
        """The connection if there is one right now."""
        return self._client if self._client is not None and self._client.is_connected else None

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            if self._client._reconnection_task is not None:  # noqa: SLF001 - which may have swallowed its cancellation
                await cancelled(self._client._reconnection_task)  # noqa: SLF001

    async def _connect(self) -> Client:
        while True:
            try:
                return await _connected(self._url)
            except (OSError, nats.errors.Error, TimeoutError) as error:
                logger.warning("nats_unreachable", error=repr(error))
                await asyncio.sleep(RECONNECT_SECONDS)


async def _connected(url: str) -> Client:
    """A client that is connected. Whoever gives up meanwhile leaves no socket open, as the library by itself would."""
    client = Client()
    try:
        await client.connect(
            url,
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_SECONDS,  # type: ignore[arg-type]  # declared in whole seconds, and slept
            connect_timeout=2,
            error_cb=_log_error,
            disconnected_cb=_log_disconnected,
            reconnected_cb=_log_reconnected,
        )
    except BaseException:
        await client.close()
        raise
    return client


# nats-py takes coroutine functions only; a plain function here would be skipped in silence.
async def _log_error(error: Exception) -> None:
    logger.warning("nats_error", error=repr(error))


async def _log_disconnected() -> None:
    logger.warning("nats_disconnected")


async def _log_reconnected() -> None:
    logger.info("nats_reconnected")
