"""Folding a batch of events about tickets: load the tickets in question, evolve them, write them back."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from operator import attrgetter
from typing import Any

from libs.events.catalogue import CATALOGUE, EventData
from libs.events.catalogue.intake import AnswerRated, TicketDeleted, TicketEdited, TicketOpened
from libs.events.envelope import Event
from libs.events.projection import Connection
from libs.service.http import to_json
from services.query.consumers import bulk, changes
from services.query.consumers.bulk import Row
from services.query.consumers.changes import Change
from services.query.consumers.past import Past, forget
from services.query.domain.history import UNTOLD, facts_in, is_news_for_clients, snapshot
from services.query.domain.history import changes as changes_between
from services.query.domain.membership import Facts
from services.query.domain.messages import WRITTEN, Message, message_in
from services.query.domain.search import folded, parts
from services.query.domain.ticket import EVOLVE, Ticket


class TicketBatch:
    """The tickets that some events are about; those deleted before are not among them, and their events say nothing."""

    def __init__(self) -> None:
        self._tickets: dict[str, Ticket] = {}
        self._before: dict[str, Facts | None] = {}
        self._messages: list[Row] = []
        self._ratings: list[Row] = []
        self._history: list[Row] = []
        self._deleted: dict[str, Row] = {}
        self._changes: list[Change] = []
        self._past = Past()
        self._news_for_clients: set[str] = set()
        self._opened: list[Ticket] = []
        self._renamed: dict[str, TicketEdited] = {}

    async def load(self, connection: Connection, events: Iterable[Event]) -> None:
        ids = list({event.entity: None for event in events})
        rows = await connection.fetch(_LOAD, ids)
        for ticket_id, (is_gone, is_known, *columns) in zip(ids, rows, strict=True):
            if not is_gone:
                ticket = Ticket(ticket_id, *columns) if is_known else Ticket(ticket_id)
                self._tickets[ticket_id] = ticket
                self._before[ticket_id] = Facts.of_ticket(ticket)

    def apply(self, events: Iterable[Event]) -> None:
        for event in events:
            if event.entity in self._tickets and event.type in CATALOGUE.models:
                self._apply(self._tickets[event.entity], event, CATALOGUE.read(event))

    def _apply(self, ticket: Ticket, event: Event, data: EventData) -> None:
        # Types are compared before classes are asked: pydantic's are abstract base classes, which takes them longer.
        if data.TYPE == TicketDeleted.TYPE and isinstance(data, TicketDeleted):
            self._delete(ticket, event, data)
            return
        before, at = snapshot(ticket), ticket.heard(event)
        if evolve := EVOLVE.get(data.TYPE):
            self._past.evolve(evolve, ticket, event, data, at)
        if event.service == "intake":
            ticket.version = event.version
        if data.TYPE in WRITTEN and (message := message_in(data, event)):
            self._messages.append(_message(event, message, _folded_subject(data)))
        if isinstance(data, TicketEdited) and data.subject is not None:
            self._renamed[event.entity] = data
        if data.TYPE == TicketOpened.TYPE:
            self._opened.append(ticket)
        if data.TYPE == AnswerRated.TYPE and isinstance(data, AnswerRated):
            what = (data.message_id, event.position, data.user_id, event.time, data.rating, data.comment)
            self._ratings.append((event.entity, *what))
        if data.TYPE not in UNTOLD:
            changed = {} if data.TYPE == TicketOpened.TYPE else changes_between(before, snapshot(ticket))
            self._history.append(_entry(event, data, changed))
        if is_news_for_clients(data):
            self._news_for_clients.add(ticket.id)

    def _delete(self, ticket: Ticket, event: Event, data: TicketDeleted) -> None:
        del self._tickets[ticket.id]
        self._deleted[ticket.id] = (ticket.id, data.number, event.time, event.cause.actor, event.cause.on_behalf_of)
        before = self._before[ticket.id]
        untagged = before and before._replace(tags=None).json()
        self._changes.append(Change("gone", ticket.id, ticket.account_id, untagged))

    async def look_up(self, connection: Connection) -> None:
        """What tickets that were opened have of their accounts; a later change of an account changes its tickets."""
        if not self._opened:
            return
        rows = await connection.fetch(_ACCOUNTS, list({ticket.account_id for ticket in self._opened}))
        facts = {row["id"]: (row["attitude"], row["group_id"]) for row in rows}
        for ticket in self._opened:
            ticket.attitude, ticket.group_id = facts.get(ticket.account_id, (None, None))

    async def write(self, connection: Connection) -> None:
        tickets = list(self._tickets.values())
        await bulk.replace(connection, "tickets", COLUMNS, map(_values, tickets))
        await bulk.copy(connection, "messages", MESSAGE, self._messages)
        if self._renamed:
            subjects = [(ticket, *_folded_subject(data)) for ticket, data in self._renamed.items()]
            await connection.executemany(_RENAME, subjects)
        await bulk.copy(connection, "ratings", RATING, self._ratings)
        await bulk.copy(connection, "history", ENTRY, self._history)
        await self._past.write(connection, self._deleted)
        if self._deleted:
            await self._bury(connection)
        if clocks := {(t.department_id, t.calendar_version) for t in tickets if t.is_timed}:
            await connection.executemany("insert into clocks values ($1, $2) on conflict do nothing", clocks)
        if told := [*self._changes, *self._told(tickets)]:
            await changes.tell(connection, told)

    def _told(self, tickets: Iterable[Ticket]) -> Iterator[Change]:
        for ticket in tickets:
            if ticket.state is not None:
                account = ticket.account_id if ticket.id in self._news_for_clients else None
                before = self._before[ticket.id]
                yield Change("ticket", ticket.id, account, before and before.json())

    async def _bury(self, connection: Connection) -> None:
        for statement in _FORGET:
            await connection.execute(statement, list(self._deleted))
        await forget(connection, self._deleted)
        await bulk.copy(connection, "tombstones", TOMBSTONE, self._deleted.values())


def _folded_subject(data: EventData) -> tuple[str | None, list[int] | None]:
    """The subject that an event gives a ticket, and its parts, for who searches."""
    if not isinstance(data, TicketOpened | TicketEdited) or data.subject is None:
        return None, None
    subject = folded(data.subject)
    return subject, parts(subject)


def _message(event: Event, message: Message, subject: tuple[str | None, list[int] | None]) -> Row:
    attachments = _json([attachment.model_dump() for attachment in message.attachments])
    cause = (event.cause.actor, event.cause.on_behalf_of)
    row = (message.id, message.kind, message.author_id, message.channel, message.text, attachments)
    return event.entity, event.position, event.time, *cause, *row, *subject


def _entry(event: Event, data: EventData, changed: dict[str, Any]) -> Row:
    what = (event.id, event.type, event.cause.actor, event.cause.on_behalf_of)
    place = (event.entity, event.time, event.service, event.position)
    return *place, *what, _json(facts_in(event, type(data))), _json(changed) if changed else "{}"


def _json(value: Any) -> str:
    return to_json(value).decode()


_FACTS = [field.name for field in fields(Ticket)]
COLUMNS = [*_FACTS, "subject_key", "place", "points", "breakdown", "waiting", "rank", "deadline_at", "deadline_clock"]
_values = attrgetter(*COLUMNS)
_CAUSE = ["actor", "on_behalf_of"]
MESSAGE = [
    "ticket_id",
    "position",
    "at",
    *_CAUSE,
    "id",
    "kind",
    "author_id",
    "channel",
    "text",
    "attachments",
    "subject",
    "parts",
]
RATING = ["ticket_id", "message_id", "position", "user_id", "at", "rating", "comment"]
ENTRY = ["ticket_id", "at", "source", "position", "event_id", "type", *_CAUSE, "facts", "changes"]
TOMBSTONE = ["id", "number", "deleted_at", "deleted_by", "on_behalf_of"]

_LOAD = f"""
select d.id is not null, t.id is not null, {", ".join(f"t.{name}" for name in _FACTS[1:])}
  from unnest($1::uuid[]) with ordinality as n(id, place)
  left join tickets t on t.id = n.id
  left join tombstones d on d.id = n.id
 order by n.place
"""  # noqa: S608 - our own names
_ACCOUNTS = "select id, attitude, group_id from accounts where id = any($1::uuid[])"
_RENAME = "update messages set subject = $2, parts = $3 where ticket_id = $1 and subject is not null"
_FORGET = (
    "delete from tickets where id = any($1::uuid[])",
    "delete from messages where ticket_id = any($1::uuid[])",
    "delete from ratings where ticket_id = any($1::uuid[])",
    "delete from history where ticket_id = any($1::uuid[])",
    f"""
update changes set before = jsonb_set(before::jsonb, '{{{Facts._fields.index("tags")}}}', 'null')
 where ticket_id = any($1::uuid[]) and before is not null
""",  # noqa: S608 - a number
)
