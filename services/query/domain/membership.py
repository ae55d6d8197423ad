"""Whether a ticket is in a list, decided without PostgreSQL: the same as the conditions in store/conditions.py say.

A predicate is made once for a list and asked of each change; lists are found by what their tickets must have in common, so
that a change is put to those alone that it may concern.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple, Self
from uuid import UUID

import orjson

from libs.worktime import to_micros
from services.query.domain.orders import Filters, State
from services.query.domain.shown import Row
from services.query.domain.sight import UNPLACED, Sight
from services.query.domain.ticket import Ticket

NONE = str(UNPLACED)
"""Stands for no department, nobody responsible, no project, no group."""


class Facts(NamedTuple):
    """What it depends on which lists a ticket is in, but for what was written; ids as text, instants in microseconds.

    Of a deleted ticket nobody knows the tags any more, as people have written them.
    """

    number: int
    state: str
    account: str
    user: str
    department: str
    responsible: str
    category: str
    project: str
    group: str
    attitude: str
    urgency: str
    channel: str
    tags: list[str] | None
    unread: bool
    waiting: bool
    blocked: bool
    deadline: int | None
    opened: int

    @classmethod
    def of_ticket(cls, ticket: Ticket) -> Self | None:
        """None while it is not seen."""
        if ticket.state is None or ticket.number is None or ticket.opened_at is None:
            return None
        return cls(
            number=ticket.number,
            state=ticket.state,
            account=str(ticket.account_id),
            user=str(ticket.user_id),
            department=_id(ticket.department_id),
            responsible=_id(ticket.responsible_id),
            category=_id(ticket.category_id),
            project=_id(ticket.project_id),
            group=_id(ticket.group_id),
            attitude=ticket.attitude or "",
            urgency=ticket.urgency or "",
            channel=ticket.channel or "",
            tags=ticket.tags,
            unread=ticket.unread,
            waiting=ticket.waiting,
            blocked=ticket.holder_id is not None,
            deadline=to_micros(ticket.deadline_at) if ticket.deadline_at else None,
            opened=to_micros(ticket.opened_at),
        )

    @classmethod
    def of_row(cls, row: Row) -> Self:
        """Of a row of `FACTS_COLUMNS`."""
        return cls(
            number=row["number"],
            state=row["state"],
            account=row["account_id"],
            user=row["user_id"],
            department=row["department_id"] or NONE,
            responsible=row["responsible_id"] or NONE,
            category=row["category_id"] or NONE,
            project=row["project_id"] or NONE,
            group=row["group_id"] or NONE,
            attitude=row["attitude"] or "",
            urgency=row["urgency"],
            channel=row["channel"],
            tags=row["tags"],
            unread=row["unread"],
            waiting=row["waiting"],
            blocked=row["holder_id"] is not None,
            deadline=to_micros(row["deadline_at"]) if row["deadline_at"] else None,
            opened=to_micros(row["opened_at"]),
        )

    @classmethod
    def of_json(cls, text: str) -> Self:
        return cls(*orjson.loads(text))

    def json(self) -> str:
        return orjson.dumps(tuple(self)).decode()


Matches = Callable[[Facts, int], bool]
"""Whether a ticket is in the list at an instant, in microseconds."""


def predicate(filters: Filters | None, sight: Sight) -> Matches:
    """Of a list as somebody sees it, but for its text, which PostgreSQL decides. Without filters: of all that is seen."""
    checks = tuple(_checks(filters, sight))

    def matches(facts: Facts, now: int) -> bool:
        for check in checks:  # noqa: SIM110 - `all` over a generator takes three times as long
            if not check(facts, now):
                return False
        return True

    return matches


def _checks(filters: Filters | None, sight: Sight) -> Iterator[Matches]:
    if sight.departments is not None:
        yield _seen_by(sight)
    if filters is None:
        return
    yield from _by_value(filters)
    yield from _by_time(filters)
    if filters.tag:
        yield _tagged(frozenset(filters.tag))


def _by_value(filters: Filters) -> Iterator[Matches]:
    if filters.state is not State.ALL:
        yield _equals("state", filters.state.value)
    for name, field in _SINGLE.items():
        if (wanted := getattr(filters, name)) is not None:
            yield _equals(field, str(wanted))
    for name, field in _SEVERAL.items():
        if wanted := getattr(filters, name):
            yield _one_of(field, frozenset(map(str, wanted)))
    for name in _FLAGS:
        if (wanted := getattr(filters, name)) is not None:
            yield _equals(name, wanted)


def _by_time(filters: Filters) -> Iterator[Matches]:
    if filters.overdue is not None:
        wanted = filters.overdue
        yield lambda facts, now: (facts.deadline is not None and facts.deadline < now) is wanted
    if filters.opened_since is not None:
        since = to_micros(filters.opened_since)
        yield lambda facts, _: facts.opened >= since
    if filters.opened_before is not None:
        before = to_micros(filters.opened_before)
        yield lambda facts, _: facts.opened < before


_SINGLE = {"account_id": "account", "user_id": "user"}
_SEVERAL = {
    "department_id": "department",
    "responsible_id": "responsible",
    "category_id": "category",
    "project_id": "project",
    "group_id": "group",
    "attitude": "attitude",
    "urgency": "urgency",
    "channel": "channel",
}
_FLAGS = ("unread", "waiting", "blocked")


def _seen_by(sight: Sight) -> Matches:
    me = str(sight.administrator)
    places = frozenset(map(str, sight.places or ()))
    return lambda facts, _: facts.department in places or facts.responsible == me


def _equals(field: str, wanted: Any) -> Matches:
    place = Facts._fields.index(field)
    return lambda facts, _: bool(facts[place] == wanted)


def _one_of(field: str, wanted: frozenset[str]) -> Matches:
    place = Facts._fields.index(field)
    return lambda facts, _: facts[place] in wanted


def _tagged(wanted: frozenset[str]) -> Matches:
    return lambda facts, _: facts.tags is None or not wanted.isdisjoint(facts.tags)


def _id(found: UUID | None) -> str:
    return NONE if found is None else str(found)


# --- which lists a change may concern --------------------------------------------------------------

Key = tuple[str, str]
"""A field that lists are found by, and its value."""
EVERYWHERE: Key = ("", "")
_KEYED = ("account", "user", "responsible", "department", "category", "project")


def keys_of_list(filters: Filters | None, sight: Sight) -> frozenset[Key]:
    """Each ticket of the list has at least one of these keys: those that the fewest tickets have."""
    for field, wanted in _narrowest_first(filters or Filters(), sight):
        if field == "seen":
            own = ("responsible", str(sight.administrator))
            return frozenset({own, *(("department", str(place)) for place in wanted)})
        if wanted:
            return frozenset((field, str(one)) for one in wanted)
    return frozenset({EVERYWHERE})


def _narrowest_first(filters: Filters, sight: Sight) -> Iterator[tuple[str, Collection[UUID]]]:
    yield "account", [filters.account_id] if filters.account_id else []
    yield "user", [filters.user_id] if filters.user_id else []
    if UNPLACED not in filters.responsible_id:  # what nobody has taken is most of what there is
        yield "responsible", filters.responsible_id
    yield "department", filters.department_id
    if sight.places is not None:
        yield "seen", sight.places
    yield "category", filters.category_id
    yield "project", filters.project_id


def keys_of_ticket(facts: Facts) -> Iterator[Key]:
    yield EVERYWHERE
    for field in _KEYED:
        yield field, getattr(facts, field)


# --- what else a list needs to be kept up to date ----------------------------------------------------


def is_timed(filters: Filters | None) -> bool:
    """Whether tickets enter or leave it by time alone."""
    return filters is not None and filters.overdue is not None
