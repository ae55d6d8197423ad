"""Where the few tickets are that a list may be about.

What a filter leaves may be nothing or nearly everything, and PostgreSQL plans the same for both. So the statement itself
looks how many entries an index has for a filter, up to a limit. If there are few, these tickets are read, checked against
everything else and sorted; if all filters leave many, tickets are checked in the order of the list until a page is full,
which will be soon.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.query.domain.kinds import narrows
from services.query.domain.orders import BUSIEST, Filters, Request, State
from services.query.store.conditions import Conditions, is_narrowed
from services.query.store.rows import AT
from services.query.store.search import FEW_HITS

FEW = 10_000
"""Tickets that are read and sorted rather than looked for in the order of the list: some 10 ms."""
FEW_OF_NAMED = 50_000
"""The same where the order goes from name to name: all tickets of a category may have to be checked in vain, and of the
next, when none of them is in the departments that are seen."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where few tickets may be: `source` is an SQL query of rows of `t`, once `{columns}` and `{limit}` are given."""

    source: str
    limit: int
    counted: str | None = None
    """Query of the count, where it is known already: of those that the text was found in."""

    def count(self) -> str:
        """Query of how many there are, as `found`; at most one more than the limit."""
        if self.counted:
            return self.counted
        rows = self.source.format(columns="t.number", limit=self.limit + 1)
        return f"select count(*) as found from (select from ({rows}) each limit {self.limit + 1}) few"  # noqa: S608 - our own expressions

    def rows(self) -> str:
        """The tickets, if they are no more than the limit."""
        return self.source.format(columns="t.*", limit=self.limit + 1)


def places(request: Request, conditions: Conditions, *, from_name_to_name: bool) -> list[Place]:
    """Where to look, in turn; none for lists whose order alone leads to each page, and for those of the past."""
    if request.then or (request.sort in BUSIEST and not _is_unordered(request)):
        return []
    limit = FEW_OF_NAMED if from_name_to_name else FEW
    found = [Place(source, limit) for source in _hardly_any(request, conditions)]
    if searching := conditions.searching:
        found.append(Place(searching.rows(), FEW_HITS, searching.count()))
    found += [Place(source, limit) for source in _sources(request, conditions)]
    if request.places is not None:
        found.append(Place(_in_sight(request, conditions), limit))
    if from_name_to_name:  # most names may be those of nothing that is listed
        found.append(Place(_each(request.filters, None), FEW))
    return found


def _is_unordered(request: Request) -> bool:
    """Whether the indexes of the busiest orders do not lead to the tickets that are asked for."""
    filters, sort = request.filters, request.sort
    is_late = filters.overdue and sort != "remaining"
    is_waiting = filters.waiting is not None and sort in {"id", "remaining"}
    untaken = bool(filters.responsible_id) and not request.responsible
    return is_narrowed(filters) or is_late or is_waiting or untaken


def _hardly_any(request: Request, conditions: Conditions) -> Iterator[str]:
    """The indexes of filters that leave the fewest."""
    yield from _with_an_index(request.filters, conditions, ("account_id", "user_id"))
    if request.filters.blocked:
        yield _active("t.holder_id is not null", "t.blocked_at, t.number")


def _sources(request: Request, conditions: Conditions) -> Iterator[str]:
    """Those of others, those first that leave few most often."""
    filters = request.filters
    if filters.tag:  # no index is in this order, which leaves that of tags
        yield _each(filters, f"t.tags && {conditions.asked('tag', 'text[]')} and t.tags <> '{{{{}}}}'", "t.number + 0")
    if request.responsible:
        yield _of_each(filters, "assignee", conditions.asked("responsible_id"))
    if filters.overdue:
        yield _active(f"t.deadline_at < {AT}", "t.deadline_at")
    yield from _with_an_index(filters, conditions, ("category_id",))
    yield from _with_an_index(filters, conditions, ("group_id", "project_id"))
    yield from _among_many(filters, conditions)


_COLUMNS = {
    "account_id": "account_id",
    "user_id": "user_id",
    "category_id": "category_id",
    "group_id": "in_group",
    "project_id": "in_project",
}


def _with_an_index(filters: Filters, conditions: Conditions, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if asked := getattr(filters, name):
            ids = conditions.asked(name) if isinstance(asked, tuple) else f"array[{conditions.asked(name, 'uuid')}]"
            yield _of_each(filters, _COLUMNS[name], ids)


def _among_many(filters: Filters, conditions: Conditions) -> Iterator[str]:
    """The indexes of properties of which there are a few values only."""
    if filters.opened_since or filters.opened_before:
        since, before = (conditions.asked(name, "timestamptz") for name in ("opened_since", "opened_before"))
        range_ = f"t.opened_at >= coalesce({since}, '-infinity') and t.opened_at < coalesce({before}, 'infinity')"
        yield _each(filters, range_, order="t.opened_at, t.number")
    if narrows(filters):
        yield _of_each(filters, "kind", conditions.kinds)
    if filters.waiting:
        yield _active("t.waiting", "t.waiting_since, t.number")
    if filters.waiting is False and filters.state is State.ACTIVE:
        yield _active("not t.waiting", "t.rank, t.number")


def _in_sight(request: Request, conditions: Conditions) -> str:
    filters, in_places = request.filters, _of_each(request.filters, "place", conditions.places)
    if request.sight.departments is None:
        return in_places
    elsewhere = _each(filters, f"{conditions.seen_elsewhere} and not t.place = any({conditions.places})")
    return f"({in_places}) union all ({elsewhere})"


def _of_each(filters: Filters, column: str, ids: str) -> str:
    """Tickets for each of some ids. They are asked for as a range, and in its order: so only the column's index will do."""
    rows = _each(filters, f"t.{column} between i.id and i.id", f"t.{column}, t.number")
    return f"select t.* from unnest({ids}) i(id), lateral ({rows}) t"  # noqa: S608 - our own expressions


def _each(filters: Filters, condition: str | None, order: str = "t.number") -> str:
    """Tickets in the states that are asked for; an order is what makes PostgreSQL take the index."""
    states = ["active", "closed"] if filters.state is State.ALL else [filters.state.value]
    return " union all ".join(f"({_in_state(state, condition, order)})" for state in states)


def _in_state(state: str, condition: str | None, order: str) -> str:
    where = f"t.state = '{state}'" + (f" and {condition}" if condition else "")
    return f"select {{columns}} from tickets t where {where} order by {order} limit {{limit}}"  # noqa: S608 - our own expressions


def _active(condition: str, order: str) -> str:
    return (
        f"select {{columns}} from tickets t where t.state = 'active' and {condition} order by {order} limit {{limit}}"  # noqa: S608
    )
