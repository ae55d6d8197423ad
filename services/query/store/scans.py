"""The index scans that a list is merged from.

Each scan is in the order of an index, and gives each row a `key`, by which the scans of a list are merged. The keys do not
change as long as the ticket does not: a list is computed for an instant, and all its pages for the same.
"""

from dataclasses import dataclass, replace

from services.query.domain.kinds import RANKS
from services.query.domain.orders import BUSIEST, Filters, Request, Sort, State
from services.query.store.keys import KEYS, NAMES, POINTS, micros
from services.query.store.rows import AT, NOW

# `is true` hides the comparison from the indexes by waiting_since: to take one of these and sort looks cheap to the planner.
_WAITING = f"t.state = 'active' and t.waiting and (t.waiting_since <= {AT}) is true"
_FRESH = f"t.state = 'active' and t.waiting and t.waiting_since > {AT}"
_IDLE = "t.state = 'active' and not t.waiting"
_CLOSED = "t.state = 'closed'"
_UNTIMED = "t.state = 'active' and t.deadline_clock is null"
_INSTANT = "timestamptz 'epoch' + {key} * interval '1 microsecond'"

TICKETS = "tickets t"
FRESH = "fresh t"
MINE = "mine t"
MINE_BY_CLOCK = "mine t join my_clocks c on c.department_id = t.department_id and c.version = t.calendar_version"


@dataclass(frozen=True, slots=True)
class Scan:
    """Tickets that meet `where`, ordered by `column` and number. `bound` makes a value of the column of a key.

    Rows of group 1 have nothing to be sorted by but the number. A scan `by_clock` goes through each calendar's tickets, one
    of `mine` through one administrator's. `waiting` says whether its rows wait; None if some do. `source` is where the rows
    are. A scan `walks` through tickets by number, name after name, or value after value.
    """

    where: str
    waiting: bool | None
    column: str | None = None
    key: str = "0::bigint"
    bound: str = "{key}"
    group: int = 0
    by_clock: bool = False
    mine: bool = False
    source: str = TICKETS
    walks: bool = False

    @property
    def is_closed(self) -> bool:
        return self.where == _CLOSED


_ByState = dict[State, tuple[Scan, ...]]

# Weight at an instant is points, plus the whole minutes since waiting began. In microseconds, and below zero so that the
# heaviest come first, that is rank - now for who waits, rank for who does not; whole minutes keep this order. Who began to
# wait after the instant did not wait then: of these the latest thousand are sorted, and in later pages that is all there is.
_WEIGHT: _ByState = {
    State.ACTIVE: (
        Scan(_WAITING, True, "t.rank", f"t.rank - {NOW}", f"{{key}} + {NOW}"),
        Scan(_FRESH, True, POINTS, POINTS, source=FRESH),
        Scan(_IDLE, False, "t.rank", "t.rank"),
    ),
    State.CLOSED: (Scan(_CLOSED, False, "t.rank", "t.rank"),),
}
_DELAY: _ByState = {
    State.ACTIVE: (
        Scan("t.state = 'active' and t.waiting", True, "t.waiting_since", micros("t.waiting_since"), _INSTANT),
        Scan(_IDLE, False, group=1),
    ),
    State.CLOSED: (Scan(_CLOSED, False, group=1),),
}
_REMAINING: _ByState = {
    State.ACTIVE: (
        Scan(
            "t.state = 'active' and t.deadline_clock is not null",
            True,
            "t.deadline_clock",
            "t.deadline_clock - c.now",
            "{key} + c.now",
            by_clock=True,
        ),
        Scan(_UNTIMED, None, group=1),
    ),
    State.CLOSED: (Scan(_CLOSED, False, group=1),),
}
_ID: _ByState = {State.ACTIVE: (Scan("t.state = 'active'", None),), State.CLOSED: (Scan(_CLOSED, False),)}

_BLOCKED: _ByState = {
    State.ACTIVE: (
        Scan("t.state = 'active' and t.holder_id is not null", None, "t.blocked_at", micros("t.blocked_at"), _INSTANT),
        Scan("t.state = 'active' and t.holder_id is null", None, group=1),
    ),
    State.CLOSED: (Scan(_CLOSED, False, group=1),),
}


def _in_order_of(sort: Sort, column: str, bound: str = "{key}") -> _ByState:
    scan = Scan("t.state = 'active'", None, column, KEYS[sort].sql, bound)
    return {State.ACTIVE: (scan,), State.CLOSED: (replace(scan, where=_CLOSED, waiting=False),)}


def _walked() -> _ByState:
    scans = tuple(Scan("t.state = 'active'", None, group=group, walks=True) for group in (0, 1))
    closed = tuple(replace(scan, where=_CLOSED, waiting=False) for scan in scans)
    return {State.ACTIVE: scans, State.CLOSED: closed}


_SCANS: dict[Sort, _ByState] = {
    "weight": _WEIGHT,
    "delay": _DELAY,
    "remaining": _REMAINING,
    "id": _ID,
    "subject": _in_order_of("subject", "t.subject_key"),
    "blocked": _BLOCKED,
    "opened": _in_order_of("opened", "t.opened_at", _INSTANT),
    "activity": _in_order_of("activity", "t.active_at", _INSTANT),
    **dict.fromkeys((*NAMES, *RANKS), _walked()),
}


def scans_of(request: Request) -> list[Scan]:
    """The scans whose rows, merged, are the list.

    Those of somebody who sees some departments only, and the scans of what they are responsible for, wherever it is, may
    overlap.
    """
    scans = _asked_for(request)
    if request.sort not in BUSIEST:
        return scans
    if request.responsible:
        return list(map(_of_mine, scans))
    if request.is_by_place and request.sight.departments is not None:
        return [*scans, *map(_of_mine, scans)]
    return scans


def _asked_for(request: Request) -> list[Scan]:
    by_state, filters = _SCANS[request.sort], request.filters
    active = by_state[State.ACTIVE] if filters.state is not State.CLOSED else ()
    closed = by_state[State.CLOSED] if filters.state is not State.ACTIVE else ()
    chosen = [scan for scan in (*active, *closed) if filters.waiting is None or scan.waiting in {filters.waiting, None}]
    if filters.overdue:  # who is overdue waits
        chosen = [scan for scan in chosen if scan.waiting is not False and scan.where != _UNTIMED]
    if filters.blocked:  # nobody answers what is closed
        chosen = [scan for scan in chosen if not scan.is_closed]
    return [_within_time(scan, filters) for scan in chosen]


def _within_time(scan: Scan, filters: Filters) -> Scan:
    """Where the order is that of time left, what is overdue is at one end of it, and what is not at the other."""
    if not scan.by_clock or filters.overdue is None:
        return scan
    return replace(scan, where=f"{scan.where} and t.deadline_clock {'<=' if filters.overdue else '>='} c.now")


def _of_mine(scan: Scan) -> Scan:
    """The same over one administrator's tickets: the active ones are few enough to be read first, and no index is in all
    their orders.
    """
    if _CLOSED in scan.where:
        return replace(scan, mine=True)
    if scan.by_clock:
        return replace(scan, column=scan.key, bound="{key}", source=MINE_BY_CLOCK, by_clock=False, mine=True)
    return replace(scan, source=MINE, mine=True)
