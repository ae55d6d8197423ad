"""Reading mailboxes: each by a task and a thread of its own, so that a slow one holds up no other.

How far a mailbox has been read is kept by UID, not by what is marked as seen: what a person has opened meanwhile, or what
came while nobody read, is read all the same. A mail is marked as seen once it is committed, for people to see it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import structlog

from libs.events.error_names import named
from libs.events.leadership import DATABASE_ERRORS
from libs.events.waiting import wait_any
from libs.service import metrics
from libs.service.secret_box import NotOurs, SecretBox
from services.intake.domain.mail import headers, parsing
from services.intake.mail.imap import IMAP_ERRORS, Account, Connection
from services.intake.mail.receiving import Receiving
from services.intake.store import gateways
from services.intake.store.gateways import Gateway, Place

logger = structlog.get_logger()

T = TypeVar("T")

LOOK_SECONDS = 2.0
"""Between two looks at which mailboxes there are."""
STEP_SECONDS = 1.0
"""How long idling waits at a time: a stop is seen after it at the latest."""
IDLE_SECONDS = 9 * 60.0
"""Servers end an idle connection after half an hour, and routers on the way sooner."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`poll_seconds` for servers that cannot tell of news, and between tries when one fails."""

    most_bytes: int
    poll_seconds: float
    timeout_seconds: float
    ca_file: Path | None


@dataclass
class _Running:
    version: int
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Mailboxes:
    """Replicas may read the same mailbox: a mail that both find is kept once."""

    name = "mailboxes"

    def __init__(self, receiving: Receiving, passwords: SecretBox, reading: Reading) -> None:
        self._receiving = receiving
        self._passwords = passwords
        self._reading = reading
        self._running: dict[UUID, _Running] = {}
        self._failing: set[UUID] = set()

    async def run(self, stop: asyncio.Event) -> None:
        try:
            while not stop.is_set():
                try:
                    await self._adjust()
                except DATABASE_ERRORS as error:
                    logger.warning("mailboxes_not_known", error=named(error))
                metrics.MAILBOXES_FAILING.labels("intake").set(len(self._failing))
                await wait_any(LOOK_SECONDS, stop)
        finally:
            await self._end(list(self._running))

    async def _adjust(self) -> None:
        """Read those that there are, as they are now, and no others."""
        wanted = {one.id: one for one in await gateways.listed(self._receiving.pool) if one.enabled and one.imap_host}
        await self._end(
            [one for one, it in self._running.items() if one not in wanted or it.version != wanted[one].version]
        )
        for gateway in wanted.values():
            if gateway.id not in self._running:
                running = _Running(gateway.version)
                running.task = asyncio.create_task(self._follow(gateway, running.stop), name=f"mailbox:{gateway.id}")
                self._running[gateway.id] = running

    async def _end(self, ids: list[UUID]) -> None:
        ending = [self._running.pop(one) for one in ids]
        for one in ending:
            one.stop.set()
        await asyncio.gather(*(one.task for one in ending if one.task), return_exceptions=True)
        self._failing.difference_update(ids)

    async def _follow(self, gateway: Gateway, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._read_on(gateway, stop)
            except (*IMAP_ERRORS, *DATABASE_ERRORS, NotOurs) as error:
                if stop.is_set():
                    return
                # The server's own words may repeat what it was told.
                logger.warning("mailbox_not_read", gateway=str(gateway.id), error=type(error).__name__)
                self._failing.add(gateway.id)
                with suppress(*DATABASE_ERRORS):
                    await gateways.note_failure(self._receiving.pool, gateway.id, type(error).__name__)
                await wait_any(self._reading.poll_seconds, stop)

    async def _read_on(self, gateway: Gateway, stop: asyncio.Event) -> None:
        """Until it is to stop, or the connection breaks."""
        async with self._connected(gateway, stop) as session:
            validity = await self._catch_up(gateway, session)
            while not stop.is_set():
                self._failing.discard(gateway.id)
                await gateways.note_read(self._receiving.pool, gateway.id)
                await self._news(session, stop)
                place = await gateways.place(self._receiving.pool, gateway.id)
                await self._keep_all(
                    gateway, session, await session(session.connection.after, place.last_uid), validity
                )

    async def _catch_up(self, gateway: Gateway, session: "_Session") -> int:
        """Read what has come since; a mailbox that is new, or was made anew, from what nobody has seen. Its validity."""
        selected = await session(session.connection.select)
        place = await gateways.place(self._receiving.pool, gateway.id)
        if place.uid_validity == selected.validity:
            uids = await session(session.connection.after, place.last_uid)
            await self._keep_all(gateway, session, uids, selected.validity)
        else:
            for uid in await session(session.connection.unseen):
                await self._keep(gateway, session, uid, None)
            reached = Place(selected.validity, selected.next_uid - 1)
            await gateways.advance(self._receiving.pool, gateway.id, reached)
        return selected.validity

    async def _keep_all(self, gateway: Gateway, session: "_Session", uids: list[int], validity: int) -> None:
        for uid in uids:
            await self._keep(gateway, session, uid, Place(validity, uid))

    async def _keep(self, gateway: Gateway, session: "_Session", uid: int, reached: Place | None) -> None:
        raw = await session(session.connection.fetch, uid, self._reading.most_bytes)
        async with self._receiving.pool.acquire() as connection, connection.transaction():
            if raw:
                await self._receiving.keep(gateway.id, raw, gateway.address, _envelope_sender(raw), connection)
            if reached:
                await gateways.advance(connection, gateway.id, reached)
        self._receiving.wake.set()  # again, now that it is committed
        if raw:
            await session(session.connection.mark_seen, uid)

    async def _news(self, session: "_Session", stop: asyncio.Event) -> None:
        """Wait until there may be some."""
        connection, loop = session.connection, asyncio.get_running_loop()
        if not await session(connection.can_idle):
            await wait_any(self._reading.poll_seconds, stop)
            await session(connection.refresh)
            return
        await session(connection.idle)
        until = loop.time() + IDLE_SECONDS
        while not stop.is_set() and loop.time() < until:
            if await session(connection.has_news, STEP_SECONDS):
                break
        await session(connection.rest)

    @asynccontextmanager
    async def _connected(self, gateway: Gateway, stop: asyncio.Event) -> AsyncIterator["_Session"]:
        account = _account(gateway, self._passwords)
        with ThreadPoolExecutor(1, thread_name_prefix="mailbox") as threads:
            loop, reading = asyncio.get_running_loop(), self._reading

            def connect() -> Connection:
                return Connection(account, timeout=reading.timeout_seconds, ca_file=reading.ca_file)

            connection = await loop.run_in_executor(threads, connect)
            ending = asyncio.create_task(_close_when(stop, connection))
            try:
                yield _Session(connection, threads)
            finally:
                ending.cancel()
                with suppress(*IMAP_ERRORS):
                    connection.close()


@dataclass(frozen=True, slots=True)
class _Session:
    """A connection, and the thread in which it is used."""

    connection: Connection
    threads: ThreadPoolExecutor

    async def __call__(self, do: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.threads, lambda: do(*arguments))


async def _close_when(stop: asyncio.Event, connection: Connection) -> None:
    """Whoever waits for a slow server is not to be waited for."""
    await stop.wait()
    await asyncio.sleep(2 * STEP_SECONDS)
    with suppress(*IMAP_ERRORS):
        connection.close()


def _account(gateway: Gateway, passwords: SecretBox) -> Account:
    assert gateway.imap_host is not None
    assert gateway.imap_password is not None
    return Account(
        host=gateway.imap_host,
        port=gateway.imap_port or 993,
        security=gateway.imap_security or "tls",
        user=gateway.imap_user or gateway.address,
        password=passwords.open(gateway.imap_password),
        folder=gateway.imap_folder or "INBOX",
    )


def _envelope_sender(raw: bytes) -> str | None:
    """As the server that delivered it wrote it down; None if it did not."""
    with suppress(Exception):  # a mail is kept whatever its headers are
        found = headers.all_raw(parsing.message_of(raw), "return-path")
        return found[0].strip(" <>") if found else None
    return None
