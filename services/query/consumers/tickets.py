"""Folding a batch of events about tickets: load the tickets in question, evolve them, write them back."""

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

import orjson

from libs.events.catalogue import CATALOGUE, EventData
from libs.events.catalogue.intake import TicketDeleted
from libs.events.envelope import Event
from libs.events.projection import Connection
from services.query.consumers import bulk, changes
from services.query.consumers.changes import Change
from services.query.domain.messages import UNTOLD, facts_in, message_in
from services.query.domain.ticket import EVOLVE, Ticket

Row = tuple[Any, ...]


class TicketBatch:
    """The tickets that some events are about; those deleted before are not among them, and their events say nothing."""

    def __init__(self) -> None:
        self._tickets: dict[str, Ticket] = {}
        self._messages: dict[str, list[Row]] = {}
        self._history: dict[str, list[Row]] = {}
        self._deleted: dict[str, Row] = {}
        self._changes: list[Change] = []

    async def load(self, connection: Connection, events: Sequence[Event]) -> None:
        ids = list({event.entity: None for event in events})
        rows = await connection.fetch(_LOAD, ids)
        for ticket_id, (is_gone, is_known, *columns) in zip(ids, rows, strict=True):
            if not is_gone:
                self._tickets[ticket_id] = Ticket(ticket_id, *columns) if is_known else Ticket(ticket_id)

    def apply(self, events: Sequence[Event]) -> None:
        for event in events:
            if event.entity in self._tickets and event.type in CATALOGUE.models:
                self._apply(self._tickets[event.entity], event, CATALOGUE.read(event))

    def _apply(self, ticket: Ticket, event: Event, data: EventData) -> None:
        if isinstance(data, TicketDeleted):
            self._delete(ticket, event, data)
            return
        if evolve := EVOLVE.get(data.TYPE):
            evolve(ticket, data, event)
        if event.service == "intake":
            ticket.version = event.version
        if message := message_in(data, event):
            row = (message.id, message.kind, message.author_id, message.channel, message.text)
            said = (ticket.id, event.position, event.time, event.cause.on_behalf_of, *row)
            self._messages.setdefault(ticket.id, []).append(said)
        if data.TYPE not in UNTOLD:
            self._history.setdefault(ticket.id, []).append(_history_row(event, data))

    def _delete(self, ticket: Ticket, event: Event, data: TicketDeleted) -> None:
        for kept in (self._tickets, self._messages, self._history):
            kept.pop(ticket.id, None)
        self._deleted[ticket.id] = (ticket.id, data.number, event.time, event.cause.actor, event.cause.on_behalf_of)
        self._changes.append(("gone", ticket.id, ticket.account_id))

    async def write(self, connection: Connection) -> None:
        if self._tickets:
            rows = [_ticket_row(ticket) for ticket in self._tickets.values()]
            await connection.execute(_UPSERT, *bulk.transposed(rows))
        for statement, grouped in ((_SAY, self._messages), (_REMEMBER, self._history)):
            if grouped:
                rows = [row for some in grouped.values() for row in some]
                await connection.execute(statement, *bulk.transposed(rows))
        if self._deleted:
            await self._bury(connection)
        seen = [t for t in self._tickets.values() if t.state is not None]
        if told := [*self._changes, *(("ticket", ticket.id, ticket.account_id) for ticket in seen)]:
            await changes.tell(connection, told)

    async def _bury(self, connection: Connection) -> None:
        for table, column in (("tickets", "id"), ("messages", "ticket_id"), ("history", "ticket_id")):
            await connection.execute(
                f"delete from {table} where {column} = any($1::uuid[])",  # noqa: S608 - our own names
                list(self._deleted),
            )
        await connection.execute(_BURY, *bulk.transposed(list(self._deleted.values())))


def _history_row(event: Event, data: EventData) -> Row:
    facts = orjson.dumps(facts_in(data)).decode()
    cause = event.cause
    place = (event.entity, event.time, event.service, event.position)
    return (*place, event.id, event.type, cause.actor, cause.on_behalf_of, facts)


def _ticket_row(ticket: Ticket) -> Row:
    row: Row = _values(ticket)
    return row


_FACTS = {
    "id": "uuid",
    "number": "bigint",
    "version": "integer",
    "state": "text",
    "subject": "text",
    "account_id": "uuid",
    "user_id": "uuid",
    "category_id": "uuid",
    "project_id": "uuid",
    "urgency": "text",
    "channel": "text",
    "unread": "boolean",
    "opened_at": "timestamptz",
    "waiting_since": "timestamptz",
    "department_id": "uuid",
    "responsible_id": "uuid",
    "holder_id": "uuid",
    "blocked_at": "timestamptz",
    "block_expires_at": "timestamptz",
    "points": "integer",
    "breakdown": "json",
    "judged_wait": "timestamptz",
    "judged_department": "uuid",
    "calendar_version": "integer",
    "due_at": "timestamptz",
    "worked_when_due": "bigint",
    "target_seconds": "integer",
    "used_seconds": "float8",
}
assert list(_FACTS) == [field.name for field in fields(Ticket)]
_DERIVED = {"waiting": "boolean", "rank": "bigint", "deadline_at": "timestamptz", "deadline_clock": "bigint"}
_COLUMNS = _FACTS | _DERIVED
_values = attrgetter(*_COLUMNS)

_LOAD = f"""
select d.id is not null, t.id is not null, {", ".join(f"t.{name}" for name in list(_FACTS)[1:])}
  from unnest($1::uuid[]) with ordinality as n(id, place)
  left join tickets t on t.id = n.id
  left join tombstones d on d.id = n.id
 order by n.place
"""  # noqa: S608 - our own names
_UPSERT = f"""
with n as materialized (select * from {bulk.unnested(_COLUMNS)}),
clocked as (
    insert into clocks select distinct department_id, calendar_version from n where deadline_clock is not null
    on conflict do nothing)
insert into tickets ({", ".join(_COLUMNS)}) select * from n
on conflict (id) do update set {bulk.assignments(_COLUMNS)}
"""  # noqa: S608 - our own names
_SAY = bulk.insert(
    "messages",
    {
        "ticket_id": "uuid",
        "position": "bigint",
        "at": "timestamptz",
        "on_behalf_of": "text",
        "id": "uuid",
        "kind": "text",
        "author_id": "uuid",
        "channel": "text",
        "text": "text",
    },
)
_REMEMBER = bulk.insert(
    "history",
    {
        "ticket_id": "uuid",
        "at": "timestamptz",
        "source": "text",
        "position": "bigint",
        "event_id": "uuid",
        "type": "text",
        "actor": "text",
        "on_behalf_of": "text",
        "facts": "json",
    },
)
_BURY = bulk.insert(
    "tombstones",
    {"id": "uuid", "number": "bigint", "deleted_at": "timestamptz", "deleted_by": "text", "on_behalf_of": "text"},
)
