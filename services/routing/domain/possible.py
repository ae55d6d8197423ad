"""Whether a condition can hold at all. Where that is not plain, it is taken for possible."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.conditions import (
    All,
    AnyOf,
    CameBy,
    Condition,
    HasAttitude,
    HasExpenses,
    HasServices,
    HasUrgency,
    IsInHours,
    IsNamed,
    IsTimeOfDay,
    Not,
)
from libs.events.catalogue.intake import Channel, Urgency

Fault = tuple[str, str]
"""A JSON pointer, and what is wrong there."""

_VALUES: dict[str, frozenset[Any]] = {
    "attitude": frozenset(Attitude),
    "urgency": frozenset(Urgency),
    "channel": frozenset(Channel),
}


def never(condition: Condition, path: str = "") -> Fault | None:
    """Why it can never hold, and where; None if it can."""
    match condition:
        case All(of=of):
            found = (never(part, f"{path}/of/{at}") for at, part in enumerate(of))
            return next(filter(None, found), None) or _contradiction(list(_together(condition)), path)
        case AnyOf(of=of):
            faults = [never(part, f"{path}/of/{at}") for at, part in enumerate(of)]
            return faults[0] if all(faults) else None
        case Not(of=part):
            return (path, "This always holds, so that its contrary never does") if _always(part) else None
        case HasServices(at_least=least, at_most=most) | HasExpenses(at_least=least, at_most=most):
            return (path, "at_least is more than at_most") if _is_empty(least, most) else None
        case IsTimeOfDay(starts=starts, ends=ends):
            return (path, "This time of day is empty: it ends as it starts") if starts == ends else None
    return None


def _always(condition: Condition) -> bool:
    match condition:
        case All(of=of):
            return all(map(_always, of))
        case AnyOf(of=of):
            return any(map(_always, of))
        case Not(of=part):
            return never(part) is not None
        case HasUrgency(values=values) | CameBy(values=values):
            return _VALUES[condition.kind] == set(values)
    return False  # of what is not known, as an account may be, nothing always holds


def _together(condition: Condition) -> Iterator[tuple[Condition, bool]]:
    """The single conditions that must hold, or must not (False), for this one to hold."""
    match condition:
        case All(of=of):
            for part in of:
                yield from _together(part)
        case AnyOf(of=(part,)):
            yield from _together(part)
        case Not(of=Not(of=part)):
            yield from _together(part)
        case Not(of=part):
            yield part, False
        case _:
            yield condition, True


def _contradiction(parts: Sequence[tuple[Condition, bool]], path: str) -> Fault | None:
    for kind in ("category", "account", "group", "project", *_VALUES):
        if _left(kind, parts) == set():
            return path, f"No ticket meets all that this says of the {kind}"
    if _is_empty(*_bounds(HasExpenses, parts)):
        return path, "No account meets all that this says of the expenses"
    if _is_empty(*_bounds(HasServices, parts)):
        return path, "No account meets all that this says of the services"
    hours = {(part.department_id, part.inside is must) for part, must in parts if isinstance(part, IsInHours)}
    if any((department, not inside) in hours for department, inside in hours):
        return path, "A department is not both inside and outside of its working hours"
    return None


def _left(kind: str, parts: Sequence[tuple[Condition, bool]]) -> set[Any] | None:
    """The values that are left by all of the conditions of a kind; None when there is no bound to them."""
    left: set[Any] | None = set(_VALUES[kind]) if kind in _VALUES else None
    named = [(set(_values(part)), must) for part, must in parts if part.kind == kind]
    for values, must in sorted(named, key=lambda one: not one[1]):
        if must:
            left = values if left is None else left & values
        elif left is not None:
            left -= values
    return left if named else None


def _values(part: Condition) -> Sequence[Any]:
    match part:
        case IsNamed(ids=ids):
            return ids
        case HasAttitude(values=values) | HasUrgency(values=values) | CameBy(values=values):
            return values
    return ()


def _bounds(
    model: type[HasExpenses | HasServices], parts: Sequence[tuple[Condition, bool]]
) -> tuple[Decimal | int | None, Decimal | int | None]:
    """The narrowest range of all that must hold, of services of whatever type."""
    ranges = [
        part
        for part, must in parts
        if isinstance(part, HasExpenses | HasServices)
        and isinstance(part, model)
        and must
        and not getattr(part, "product_types", ())
    ]
    least = [part.at_least for part in ranges if part.at_least is not None]
    most = [part.at_most for part in ranges if part.at_most is not None]
    return max(least, default=None), min(most, default=None)


def _is_empty(least: Decimal | int | None, most: Decimal | int | None) -> bool:
    return least is not None and most is not None and least > most
