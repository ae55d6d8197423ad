"""Whether a condition holds: yes, no, or not to be said while something is not known (Kleene's logic).

A condition is compiled once, its patterns too, and asked about many tickets.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from functools import singledispatch
from typing import Any

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
    IsInLanguage,
    IsNamed,
    IsTimeOfDay,
    Leaf,
    Not,
    Says,
)
from services.routing.domain.circumstances import Account, Circumstances
from services.routing.domain.patterns import RefusedPattern, searching

Holds = bool | None
Test = Callable[[Circumstances], Holds]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition that can be asked. `path` is the JSON pointer to it within the rule's condition."""

    kind: str
    path: str
    test: Test
    parts: Sequence["Compiled"] = ()

    def failing(self, asked: Circumstances) -> "Compiled":
        """The innermost part because of which it does not hold, given that it does not."""
        if self.kind == "all":
            return next(part.failing(asked) for part in self.parts if part.test(asked) is not True)
        if self.kind == "any" and len(self.parts) == 1:
            return self.parts[0].failing(asked)
        return self


def compiled(condition: Condition, path: str = "") -> Compiled:
    match condition:
        case All(of=of) | AnyOf(of=of):
            parts = [compiled(part, f"{path}/of/{at}") for at, part in enumerate(of)]
            tests = [part.test for part in parts]
            return Compiled(condition.kind, path, _all(tests) if condition.kind == "all" else _any(tests), parts)
        case Not(of=of):
            part = compiled(of, f"{path}/of")
            return Compiled(condition.kind, path, _not(part.test), [part])
    return Compiled(condition.kind, path, _test(condition))


def leaves(condition: Condition, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """The single conditions in it, each with the JSON pointer to it."""
    match condition:
        case All(of=of) | AnyOf(of=of):
            for at, part in enumerate(of):
                yield from leaves(part, f"{path}/of/{at}")
        case Not(of=part):
            yield from leaves(part, f"{path}/of")
        case _:
            yield path, condition


def asks_about_words(condition: Condition) -> bool:
    return any(isinstance(leaf, Says) for _, leaf in leaves(condition))


# --- put together -----------------------------------------------------------------------------


def _all(tests: Sequence[Test]) -> Test:
    def holds(asked: Circumstances) -> Holds:
        result: Holds = True
        for test in tests:
            found = test(asked)
            if found is False:
                return False
            result = result and found
        return result

    return holds


def _any(tests: Sequence[Test]) -> Test:
    def holds(asked: Circumstances) -> Holds:
        result: Holds = False
        for test in tests:
            found = test(asked)
            if found:
                return True
            result = None if found is None else result
        return result

    return holds


def _not(test: Test) -> Test:
    def holds(asked: Circumstances) -> Holds:
        found = test(asked)
        return None if found is None else not found

    return holds


# --- single ones ------------------------------------------------------------------------------


@singledispatch
def _test(condition: Any) -> Test:
    raise NotImplementedError(type(condition).__name__)


@_test.register
def _(condition: IsNamed) -> Test:
    ids = frozenset(condition.ids)
    match condition.kind:
        case "category":
            return lambda asked: asked.ticket.category_id in ids
        case "account":
            return lambda asked: asked.ticket.account_id in ids
        case "project":
            return lambda asked: asked.ticket.project_id in ids
    return _of_account(lambda account: account.group_id in ids)


@_test.register
def _(condition: HasAttitude) -> Test:
    values = frozenset(condition.values)
    return _of_account(lambda account: account.attitude in values)


@_test.register
def _(condition: HasUrgency) -> Test:
    values = frozenset(condition.values)
    return lambda asked: asked.ticket.urgency in values


@_test.register
def _(condition: CameBy) -> Test:
    values = frozenset(condition.values)
    return lambda asked: asked.ticket.channel in values


@_test.register
def _(condition: IsInLanguage) -> Test:
    """A ticket whose language nobody has told is in none."""
    ranges = tuple(f"{value.lower()}-" for value in condition.values)
    return lambda asked: asked.ticket.language is not None and f"{asked.ticket.language.lower()}-".startswith(ranges)


@_test.register
def _(condition: HasServices) -> Test:
    least, most = condition.at_least or 0, condition.at_most
    if not condition.product_types:
        return _of_account(lambda account: least <= account.services and (most is None or account.services <= most))
    types = frozenset(condition.product_types)

    def has(account: Account) -> bool:
        count = sum(product in types for product in account.product_types)
        return least <= count and (most is None or count <= most)

    return _of_account(has)


@_test.register
def _(condition: HasExpenses) -> Test:
    least, most = condition.at_least, condition.at_most
    return _of_account(
        lambda account: (least is None or least <= account.expenses) and (most is None or account.expenses <= most)
    )


@_test.register
def _(condition: Says) -> Test:
    is_subject = condition.kind == "subject"
    if condition.contains is not None:
        phrases = tuple(phrase.casefold() for phrase in condition.contains)
        if is_subject:
            return lambda asked: any(phrase in asked.words.subject_in_any_case for phrase in phrases)
        return lambda asked: any(phrase in asked.words.text_in_any_case for phrase in phrases)
    assert condition.matches is not None
    try:
        found_in = searching(condition.matches)
    except RefusedPattern:  # it was taken when it was saved, by another version of RE2
        return lambda _: None
    if is_subject:
        return lambda asked: found_in(asked.words.subject)
    return lambda asked: found_in(asked.words.text)


@_test.register
def _(condition: IsTimeOfDay) -> Test:
    starts, ends = time.fromisoformat(condition.starts), time.fromisoformat(condition.ends)
    department = condition.department_id

    def holds(asked: Circumstances) -> Holds:
        hours = asked.hours_of(department)
        if hours is None:
            return None
        clock = hours.wall_clock(asked.at)
        return starts <= clock < ends if starts <= ends else not ends <= clock < starts

    return holds


@_test.register
def _(condition: IsInHours) -> Test:
    inside, department = condition.inside, condition.department_id

    def holds(asked: Circumstances) -> Holds:
        hours = asked.hours_of(department)
        is_open = hours.is_open(asked.at) if hours else None
        return None if is_open is None else is_open is inside

    return holds


def _of_account(has: Callable[[Account], bool]) -> Test:
    return lambda asked: None if asked.account is None else has(asked.account)
