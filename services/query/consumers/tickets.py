"""Folding a batch of events about tickets: load the tickets in question, evolve them, write them back."""

from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter

import orjson

from libs.events.catalogue import CATALOGUE, EventData
from libs.events.catalogue.intake import TicketDeleted
from libs.events.envelope import Event
from libs.events.projection import Connection
from services.query.consumers import bulk, changes
from services.query.consumers.bulk import Row
from services.query.consumers.changes import Change
from services.query.domain.messages import UNTOLD, facts_in, message_in
from services.query.domain.ticket import EVOLVE, Ticket


class TicketBatch:
    """The tickets that some events are about; those deleted before are not among them, and their events say nothing."""

    def __init__(self) -> None:
        self._tickets: dict[str, Ticket] = {}
        self._messages: list[Row] = []
        self._history: list[Row] = []
        self._deleted: dict[str, Row] = {}
        self._changes: list[Change] = []

    async def load(self, connection: Connection, events: Iterable[Event]) -> None:
        ids = list({event.entity: None for event in events})
        rows = await connection.fetch(_LOAD, ids)
        for ticket_id, (is_gone, is_known, *columns) in zip(ids, rows, strict=True):
            if not is_gone:
                self._tickets[ticket_id] = Ticket(ticket_id, *columns) if is_known else Ticket(ticket_id)

    def apply(self, events: Iterable[Event]) -> None:
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
            self._messages.append((event.entity, event.position, event.time, event.cause.on_behalf_of, *row))
        if data.TYPE not in UNTOLD:
            self._history.append(_entry(event, data))

    def _delete(self, ticket: Ticket, event: Event, data: TicketDeleted) -> None:
        del self._tickets[ticket.id]
        self._deleted[ticket.id] = (ticket.id, data.number, event.time, event.cause.actor, event.cause.on_behalf_of)
        self._changes.append(("gone", ticket.id, ticket.account_id))

    async def write(self, connection: Connection) -> None:
        tickets = list(self._tickets.values())
        await bulk.replace(connection, "tickets", COLUMNS, map(_values, tickets))
        await bulk.copy(connection, "messages", MESSAGE, self._messages)
        await bulk.copy(connection, "history", ENTRY, self._history)
        if self._deleted:
            await self._bury(connection)
        if clocks := {(t.department_id, t.calendar_version) for t in tickets if t.is_timed}:
            await connection.executemany("insert into clocks values ($1, $2) on conflict do nothing", clocks)
        if told := [*self._changes, *(("ticket", t.id, t.account_id) for t in tickets if t.state is not None)]:
            await changes.tell(connection, told)

    async def _bury(self, connection: Connection) -> None:
        for statement in _FORGET:
            await connection.execute(statement, list(self._deleted))
        await bulk.copy(connection, "tombstones", TOMBSTONE, self._deleted.values())


def _entry(event: Event, data: EventData) -> Row:
    facts = orjson.dumps(facts_in(event, type(data))).decode()
    actor, on_behalf_of = event.cause.actor, event.cause.on_behalf_of
    return event.entity, event.time, event.service, event.position, event.id, event.type, actor, on_behalf_of, facts


_FACTS = [field.name for field in fields(Ticket)]
COLUMNS = [*_FACTS, "waiting", "rank", "deadline_at", "deadline_clock"]
_values = attrgetter(*COLUMNS)
MESSAGE = ["ticket_id", "position", "at", "on_behalf_of", "id", "kind", "author_id", "channel", "text"]
ENTRY = ["ticket_id", "at", "source", "position", "event_id", "type", "actor", "on_behalf_of", "facts"]
TOMBSTONE = ["id", "number", "deleted_at", "deleted_by", "on_behalf_of"]

_LOAD = f"""
select d.id is not null, t.id is not null, {", ".join(f"t.{name}" for name in _FACTS[1:])}
  from unnest($1::uuid[]) with ordinality as n(id, place)
  left join tickets t on t.id = n.id
  left join tombstones d on d.id = n.id
 order by n.place
"""  # noqa: S608 - our own names
_FORGET = (
    "delete from tickets where id = any($1::uuid[])",
    "delete from messages where ticket_id = any($1::uuid[])",
    "delete from history where ticket_id = any($1::uuid[])",
)
