"""Keeping how tickets were, beside how they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.events.catalogue import EventData
from libs.events.envelope import Event
from libs.events.projection import Connection
from services.query.consumers import bulk
from services.query.consumers.bulk import Row
from services.query.domain import past
from services.query.domain.past import Period, Running, Wait
from services.query.domain.ticket import Evolve, Ticket


class Past:
    """What a batch of events adds to the past."""

    def __init__(self) -> None:
        self._versions: dict[str, list[Row]] = defaultdict(list)
        self.periods: list[Period] = []
        self.waits: list[Wait] = []
        self._late_words: dict[Any, Row] = {}
        self._late_places: dict[str, UUID] = {}
        """The first department of tickets of which something was over before they had one."""

    def evolve(self, evolve: Evolve, ticket: Ticket, event: Event, data: EventData, at: datetime) -> None:
        """Let an event, whose word counts from an instant on, change a ticket, and keep what it was and has become."""
        changed = past.CHANGED[data.TYPE]
        before = [get(ticket) for _, get in changed]
        was = past.running(ticket) if data.TYPE in past.ENDING else None
        had_place = ticket.department_id is not None
        evolve(ticket, data, event)
        if ticket.department_id and not had_place and past.is_over_in_part(ticket):
            self._late_places[ticket.id] = ticket.department_id
        for (table, get), old in zip(changed, before, strict=True):
            if (now := get(ticket)) != old:
                self._versions[table].append((ticket.id, at, event.position, *now))
                if past.is_late(data, ticket):
                    self._late_words[ticket.id, ticket.judged_wait] = past.last_word(ticket)
        if was:
            self._end(was, ticket, at, event, data)

    def _end(self, was: Running, ticket: Ticket, at: datetime, event: Event, data: EventData) -> None:
        if period := past.ended_period(was, ticket, at, event):
            self.periods.append(period)
        if wait := past.ended_wait(was, ticket, at, event, data):
            self.waits.append(wait)

    async def write(self, connection: Connection, deleted: Mapping[str, Any]) -> None:
        for kept in past.TABLES:
            rows = (row for row in self._versions[kept.table] if row[0] not in deleted)
            await bulk.copy(connection, kept.table, [*past.KEY, *kept.columns], rows)
        periods = [period for period in self.periods if period.ticket_id not in deleted]
        await bulk.copy(connection, "periods", Period._fields, periods)
        await self._write_waits(connection, [wait for wait in self.waits if wait.ticket_id not in deleted])
        if self._late_places:
            for statement in _PLACE:
                await connection.execute(statement, list(self._late_places), list(self._late_places.values()))
        if words := list(self._late_words.values()):
            await connection.execute(_TELL_WAITS, *map(list, zip(*words, strict=True)))

    async def _write_waits(self, connection: Connection, waits: Iterable[Wait]) -> None:
        if waits := list(waits):
            keys = [wait.ticket_id for wait in waits], [wait.since for wait in waits]
            words = await connection.fetch(_LAST_WORDS, *keys)
            rows = ((*wait, *word) for wait, word in zip(waits, words, strict=True))
            await bulk.copy(connection, "waits", [*Wait._fields, *WORD], rows)


async def forget(connection: Connection, tickets: Iterable[str]) -> None:
    """Delete all that is kept of how these tickets were."""
    ids = list(tickets)
    for table in (*(kept.table for kept in past.TABLES), "periods", "waits"):
        await connection.execute(f"delete from {table} where ticket_id = any($1::uuid[])", ids)  # noqa: S608


WORD = ["due_at", "target_seconds", "used_department", "calendar_version", "worked_when_due"]
_LAST_WORDS = """
select d.due_at, d.target_seconds, d.judged_department, d.calendar_version, d.worked_when_due
  from unnest($1::uuid[], $2::timestamptz[]) with ordinality as w(ticket_id, since, place)
  left join lateral (
      select * from deadline_versions d where d.ticket_id = w.ticket_id and d.judged_wait = w.since
       order by d.position desc limit 1) d on true
 order by w.place
"""
_PLACE = [
    f"update {table} t set department_id = p.department from unnest($1::uuid[], $2::uuid[]) as p(ticket, department)"  # noqa: S608
    " where t.ticket_id = p.ticket and t.department_id is null"
    for table in ("periods", "waits")
]
_TELL_WAITS = """
update waits w set due_at = s.due_at, target_seconds = s.target_seconds, used_department = s.department,
                   calendar_version = s.version, worked_when_due = s.worked
  from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::integer[], $5::uuid[], $6::integer[], $7::bigint[])
       as s(ticket_id, since, due_at, target_seconds, department, version, worked)
 where w.ticket_id = s.ticket_id and w.since = s.since
"""
