"""What has happened since: the tickets that changes or time have touched, read at one moment with all that tells of them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Self

import asyncpg

from libs.service.http import to_json
from libs.worktime import to_instant, to_micros
from services.query.domain import shown
from services.query.domain.changes import REFRESH, Place, Word, event, gone
from services.query.domain.membership import Facts
from services.query.domain.narrowing import only_text
from services.query.domain.shown import Known
from services.query.domain.sight import EVERYTHING
from services.query.live.lists import LiveList
from services.query.live.standing import Standing
from services.query.live.touched import Touched
from services.query.store.changes import Change, Reading
from services.query.store.lookups import Lookups
from services.query.store.members import having

BATCH = 1000


@dataclass(frozen=True, slots=True)
class ToClients:
    """A word on a ticket to the clients of an account."""

    account: str
    ticket: str
    word: Word

    @property
    def place(self) -> Place:
        return self.word.place


@dataclass(frozen=True, slots=True)
class ToAll:
    """A word that everybody is told."""

    word: Word

    @property
    def place(self) -> Place:
        return self.word.place


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell up to a standing, in the order of the sequence; what came by time alone is first."""

    standing: Standing
    told: list[Touched | ToClients | ToAll]
    are_rights_others: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is there to be told: whoever watches lists, some of which are timed or look for a text; clients of accounts."""

    has_lists: bool
    is_timed: bool
    with_text: Collection[LiveList]
    accounts: frozenset[str]

    @classmethod
    def of(cls, one: LiveList | None, client: str | None) -> Self:
        """One list, or a client."""
        if one is None:
            return cls(False, False, (), frozenset([client] if client else []))
        return cls(True, one.is_timed, [one] if one.text is not None else [], frozenset())


async def read_news(reading: Reading, since: Standing, audience: Audience, lookups: Lookups) -> News:
    """At most a batch; the standing is whole if that was all."""
    found = await reading.changes(since.place, BATCH)
    place = Place(since.place.generation, found[-1].seq) if found else since.place
    at = max(to_micros(reading.outlook.at), since.at)
    due = await reading.due(to_instant(since.at)) if audience.is_timed else []
    latest = _latest(found)
    about = [one for one in latest if one.last.ticket]
    told: list[Touched | ToClients | ToAll] = []
    if audience.has_lists:
        touched = await _touched(reading, since, at, about, due, lookups)
        await _look_for_texts(reading, touched, audience.with_text)
        told += touched
    told += await _to_clients(reading, place.generation, at, about, audience.accounts)
    told += [
        ToAll(Word(Place(place.generation, one.last.seq), at, REFRESH)) for one in latest if one.last.kind == "refresh"
    ]
    told.sort(key=lambda one: one.place.seq)
    is_whole = len(found) < BATCH
    return News(Standing(place, at, is_whole), told, any(one.last.kind == "rights" for one in latest))


# --- tickets -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Merged:
    """Some changes of one ticket, and how it was before each; the account if its clients are to know."""

    first: Change
    last: Change
    before: list[Facts] = field(default_factory=list)
    account: str | None = None


def _latest(found: Iterable[Change]) -> list[_Merged]:
    """One of each ticket, in the order of the last changes."""
    latest: dict[str, _Merged] = {}
    for change in found:
        merged = latest.pop(change.ticket or change.kind, None) or _Merged(change, change)
        merged.last, merged.account = change, change.account or merged.account
        if change.before:
            merged.before.append(change.before)
        latest[change.ticket or change.kind] = merged
    return list(latest.values())


async def _touched(
    reading: Reading, since: Standing, at: int, about: list[_Merged], due: list[str], lookups: Lookups
) -> list[Touched]:
    changed = {one.last.ticket for one in about}
    by_time = [ticket for ticket in due if ticket not in changed]
    rows = await reading.rows([*by_time, *(one.last.ticket for one in about if one.last.kind == "ticket")])
    known, by_id = await lookups.of(rows), {row["id"]: row for row in rows}
    touched = [_late(row, since, at, known) for ticket in by_time if (row := by_id.get(ticket))]
    generation = since.place.generation
    for one in about:
        place, row = Place(generation, one.last.seq), by_id.get(one.last.ticket)
        if row is not None or one.before:
            now = Facts.of_row(row) if row else None
            show = _shows(row, known, at) if row else None
            was = one.first.before
            touched.append(Touched(one.last.ticket, place, was, since.at, one.before, at, at, now, shown=show))
    return touched


def _late(row: asyncpg.Record, since: Standing, at: int, known: Known) -> Touched:
    """A ticket that has become overdue. Its word says that time is told up to its deadline, as others come after it."""
    facts = Facts.of_row(row)
    deadline = facts.deadline or since.at
    show = _shows(row, known, at)
    return Touched(row["id"], since.place, facts, since.at, [facts], at, deadline, facts, is_by_time=True, shown=show)


def _shows(row: asyncpg.Record, known: Known, at: int) -> Callable[[], str]:
    return partial(_json, row, known, at)


def _json(row: asyncpg.Record, known: Known, at: int) -> str:
    return to_json(shown.ticket(row, known, at)).decode()


async def _look_for_texts(reading: Reading, touched: Collection[Touched], lists: Iterable[LiveList]) -> None:
    """Let PostgreSQL decide which of the tickets have a text that is looked for: a statement for each text."""
    wanted: dict[str, dict[str, None]] = {}
    for looking in lists:
        if looking.text is not None:
            may = [t.ticket for t in touched if any(looking.may_hold(facts, t.at) for facts in t.all_facts)]
            wanted.setdefault(looking.text, {}).update(dict.fromkeys(may))
    texts: Mapping[str, frozenset[str]] = {
        text: frozenset(await having(reading.executor, only_text(text), EVERYTHING, list(ids), reading.outlook.at))
        for text, ids in wanted.items()
        if ids
    }
    for one in touched:
        one.texts = texts


# --- clients -----------------------------------------------------------------------------------


async def _to_clients(
    reading: Reading, generation: int, at: int, about: Iterable[_Merged], accounts: frozenset[str]
) -> list[ToClients]:
    concerned = [(one, one.account) for one in about if one.account in accounts]
    rows = await reading.clients_rows([one.last.ticket for one, _ in concerned if one.last.kind == "ticket"])
    told = []
    for one, account in concerned:
        ticket, row = one.last.ticket, rows.get(one.last.ticket)
        body = gone(ticket) if one.last.kind == "gone" else row and event("ticket", row)
        if body and account:
            told.append(ToClients(account, ticket, Word(Place(generation, one.last.seq), at, body)))
    return told
