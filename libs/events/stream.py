"""One service's JetStream stream: made, read at its end, published to in a chain, and freed of erased content."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import nats.errors
from nats.aio.client import Client
from nats.js.api import Header, PubAck, RawStreamMsg, RetentionPolicy, StorageType, StreamConfig, StreamInfo
from nats.js.errors import APIError, NotFoundError

from libs.events import envelope
from libs.events.envelope import Event
from libs.events.tail import Row
from libs.events.transport import REQUEST_SECONDS, Names

PUBLISH_SECONDS = 5.0
"""How long a publish may go unanswered before the relay looks at the stream again."""


class BrokenChain(Exception):
    """The stream does not continue what this relay published last."""


TRANSPORT_ERRORS = (nats.errors.Error, APIError, BrokenChain, OSError, TimeoutError)
"""What the stream's methods raise when NATS does not do as asked; the answer to each is to look again."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a stream ends: its last sequence (0: it never held anything) and its last message that still exists."""

    sequence: int
    event: Event | None
    is_foreign: bool = False
    """Whether the last message is none of ours."""


@dataclass(frozen=True)
class Limits:
    max_age_seconds: float = 7 * 86400.0
    replicas: int = 1
    duplicate_window_seconds: float = 120.0


class Stream:
    def __init__(self, client: Client, names: Names, service: str, limits: Limits | None = None) -> None:
        self.name = names.stream(service)
        self._client = client
        self._js = client.jetstream(timeout=REQUEST_SECONDS)
        self._names = names
        self._service = service
        self._limits = limits or Limits()

    async def ensure(self) -> None:
        """Make the stream unless it is there, and keep its limits as they are set."""
        try:
            await self._js.update_stream(self._config())
        except NotFoundError:
            await self._js.add_stream(self._config())

    async def make_again(self) -> None:
        """Delete and create: a purge would keep the duplicate ids, and a refill would be swallowed."""
        with suppress(NotFoundError):
            await self._js.delete_stream(self.name)
        await self._js.add_stream(self._config())

    async def info(self) -> StreamInfo:
        return await self._js.stream_info(self.name)

    async def end(self) -> End:
        state = (await self.info()).state
        last = await self._message(subject=self._names.events(self._service))
        event = envelope.read(last.data) if last and last.data else None
        return End(state.last_seq, event, is_foreign=last is not None and event is None)

    async def publish_first(self, row: Row, epoch: str, last_sequence: int) -> PubAck:
        """Publish after a doubt: bound to the stream's last sequence, because its last message may be gone."""
        return await self._ask(row, epoch, {Header.EXPECTED_LAST_SEQUENCE: str(last_sequence)})

    async def publish_chain(self, rows: Sequence[Row], epoch: str, previous: str) -> int:
        """Publish all at once, each bound to the one before it; the last sequence.

        Only the last is answered, and speaks for all: it is refused unless the one before it was stored, which was refused
        unless its own was. A connection's messages are taken in order, so none is under way any more when it is answered.
        """
        for row in rows[:-1]:
            await self._tell(row, epoch, {Header.EXPECTED_LAST_MSG_ID: previous})
            previous = str(row.id)
        answer = await self._ask(rows[-1], epoch, {Header.EXPECTED_LAST_MSG_ID: previous})
        if answer.duplicate:
            raise BrokenChain(f"sequence {answer.seq} had been stored before")
        return answer.seq

    async def erase(self, kind: str, entity: str, keep: str) -> int:
        """Overwrite and remove every message of an entity but the one with id `keep`; how many there were."""
        erased = 0
        async for message in self.messages(self._names.entity(self._service, kind, entity)):
            event = envelope.read(message.data or b"")
            if event is None or event.id != keep:
                await self._js.delete_msg(self.name, message.seq or 0)
                erased += 1
        return erased

    async def messages(self, subject: str) -> AsyncIterator[RawStreamMsg]:
        """What the stream holds of a subject, in order, one request each."""
        sequence = 1
        while message := await self._message(subject=subject, sequence=sequence):
            yield message
            sequence = (message.seq or 0) + 1

    async def _message(self, subject: str, sequence: int | None = None) -> RawStreamMsg | None:
        try:
            if sequence is None:
                return await self._js.get_msg(self.name, subject=subject)
            return await self._js.get_msg(self.name, seq=sequence, subject=subject, next=True)
        except NotFoundError:
            return None

    async def _ask(self, row: Row, epoch: str, bound: dict[str, str]) -> PubAck:
        """Publish, and wait until it is stored or refused."""
        headers = self._headers(row, bound)
        return await self._js.publish(self._subject(row), row.message(epoch), headers=headers, timeout=PUBLISH_SECONDS)

    async def _tell(self, row: Row, epoch: str, bound: dict[str, str]) -> None:
        """Publish without an answer."""
        await self._client.publish(self._subject(row), row.message(epoch), headers=self._headers(row, bound))

    def _subject(self, row: Row) -> str:
        return envelope.subject(self._names.namespace, self._service, row.type, str(row.entity))

    def _headers(self, row: Row, bound: dict[str, str]) -> dict[str, str]:
        """What makes JetStream store it once, and only where it is bound to."""
        return {Header.EXPECTED_STREAM: self.name, Header.MSG_ID: str(row.id), **bound}

    def _config(self) -> StreamConfig:
        return StreamConfig(
            name=self.name,
            subjects=[self._names.events(self._service)],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            max_age=self._limits.max_age_seconds,
            num_replicas=self._limits.replicas,
            # Outside readers may do nothing else with a stream than read single messages.
            allow_direct=True,
            duplicate_window=min(self._limits.duplicate_window_seconds, self._limits.max_age_seconds),
        )
