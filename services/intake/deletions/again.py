"""Deletions that were told before, as lines of JSON; each is done again in a log that does not know of it."""

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Self
from uuid import UUID

import asyncpg
from pydantic import AwareDatetime, BaseModel, ValidationError

from libs.events import envelope
from libs.events.catalogue.intake import TicketDeleted
from libs.events.envelope import Cause, Event
from libs.events.log import Log
from libs.events.stream import Stream
from libs.events.transport import Names
from libs.service.ids import new_id
from services.intake.commands.erasing import delete_for
from services.intake.domain.by_time import ByTime
from services.intake.store.tickets import TICKET


class Deletion(BaseModel):
    """What stays of a ticket; query's tombstones have the same shape."""

    id: UUID
    number: int
    deleted_at: AwareDatetime
    deleted_by: str
    on_behalf_of: str | None = None

    @classmethod
    def told_by(cls, event: Event) -> Self:
        return cls(
            id=UUID(event.entity),
            number=event.data["number"],
            deleted_at=event.time,
            deleted_by=event.cause.actor,
            on_behalf_of=event.cause.on_behalf_of,
        )


def read(lines: Iterable[str]) -> Iterator[Deletion]:
    """ValueError at the first line that is none."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield Deletion.model_validate_json(line)
            except ValidationError as error:
                raise ValueError(f"line {number} is no deletion: {error.errors()[0]['msg']}") from None


async def in_stream(stream: Stream, names: Names) -> AsyncIterator[Deletion]:
    """Those that the stream still has; nats-py's NotFoundError if there is no stream."""
    await stream.info()
    kind, name, _version = TicketDeleted.TYPE.split(".")
    async for message in stream.messages(names.happening("intake", kind, name)):
        event = envelope.read(message.data or b"")
        if event is not None and event.type == TicketDeleted.TYPE:
            yield Deletion.told_by(event)


async def in_log(pool: asyncpg.Pool) -> AsyncIterator[Deletion]:
    """Those that the log itself has."""
    for row in await pool.fetch(_IN_LOG, TICKET):
        yield Deletion.told_by(envelope.parse(envelope.place(row["envelope"], "", row["position"], 0)))


async def delete_again(log: Log, by_time: ByTime, deletion: Deletion) -> bool:
    """Delete the ticket in the name of whoever did it before; whether it was there."""
    cause = Cause(actor=deletion.deleted_by, on_behalf_of=deletion.on_behalf_of, correlation=str(new_id()))
    return await delete_for(log, by_time, deletion.id, cause)


_IN_LOG = """
select l.position, l.envelope from erasures e join log l on l.position = e.position where e.kind = $1 order by l.position
"""
