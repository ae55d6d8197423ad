"""The questions a compiled table answers, above all at its edges."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from libs.worktime import FOREVER, CompiledCalendar, OutsideTableError

TABLE = CompiledCalendar(since=0, until=100, opens=(10, 40), closes=(20, 60), sums=(0, 10, 30))
NEVER_AGAIN = TABLE.model_copy(update={"until": FOREVER})


@pytest.mark.parametrize(
    ("at", "worked"), [(0, 0), (10, 0), (11, 1), (20, 10), (39, 10), (40, 10), (59, 29), (60, 30), (100, 30)]
)
def test_working_time_grows_only_while_open(at: int, worked: int) -> None:
    assert TABLE.worked(at) == worked


def test_used_is_what_lies_between_and_nothing_backwards() -> None:
    assert TABLE.used(15, 45) == 10
    assert TABLE.used(20, 40) == 0
    assert TABLE.used(45, 15) == 0


def test_remaining_is_what_lies_between_and_negative_backwards() -> None:
    assert TABLE.remaining(now=15, due=45) == 10
    assert TABLE.remaining(now=45, due=15) == -10


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        (10, 5, 15),
        (0, 1, 11),  # the clock starts at the opening
        (15, 5, 20),  # used up exactly at closing
        (15, 6, 41),
        (20, 1, 41),  # closed from the closing instant on
        (10, 30, 60),
        (25, 0, 25),  # nothing is due at once, open or not
        (25, -7, 25),
    ],
)
def test_due_is_the_earliest_instant_that_has_it_all(start: int, amount: int, due: int) -> None:
    assert TABLE.due(start, amount) == due


@pytest.mark.parametrize(("at", "is_open"), [(0, False), (10, True), (19, True), (20, False), (40, True), (60, False)])
def test_an_opening_is_in_and_a_closing_is_out(at: int, *, is_open: bool) -> None:
    assert TABLE.is_open(at) is is_open


@pytest.mark.parametrize(("at", "change"), [(0, 10), (9, 10), (10, 20), (19, 20), (20, 40), (59, 60)])
def test_the_next_change_is_strictly_later(at: int, change: int) -> None:
    assert TABLE.next_change(at) == change


@pytest.mark.parametrize(
    "question",
    [
        lambda table: table.worked(-1),
        lambda table: table.worked(101),
        lambda table: table.used(50, 101),
        lambda table: table.due(50, 11),
        lambda table: table.due(-1, 1),
        lambda table: table.is_open(100),
        lambda table: table.next_change(60),
    ],
)
def test_a_table_does_not_guess_what_lies_beyond_it(question: Callable[[CompiledCalendar], object]) -> None:
    with pytest.raises(OutsideTableError, match="beyond the one from 1970-01-01"):
        question(TABLE)


def test_a_segment_cut_off_by_the_end_of_the_table_does_not_count_as_closing() -> None:
    cut = CompiledCalendar(since=0, until=50, opens=(40,), closes=(50,), sums=(0, 10))
    assert cut.due(0, 10) == 50
    with pytest.raises(OutsideTableError):
        cut.next_change(45)


def test_a_complete_table_knows_that_nothing_comes_any_more() -> None:
    assert NEVER_AGAIN.due(50, 10) == 60
    assert NEVER_AGAIN.due(50, 11) is None
    assert NEVER_AGAIN.next_change(60) is None
    assert NEVER_AGAIN.worked(FOREVER) == 30


def test_always_open_has_no_next_change() -> None:
    always = CompiledCalendar(since=0, until=FOREVER, opens=(0,), closes=(FOREVER,), sums=(0, FOREVER))
    assert always.next_change(5) is None
    assert always.due(5, 7) == 12


def test_another_beginning_of_the_count_shifts_it_and_nothing_else() -> None:
    shifted = TABLE.counted_on(-20)
    assert [shifted.worked(at) for at in (0, 50, 60)] == [-20, 0, 10]
    assert shifted.due(15, 6) == TABLE.due(15, 6)


def test_a_table_survives_the_journey_through_json() -> None:
    assert CompiledCalendar.model_validate_json(TABLE.model_dump_json()) == TABLE
    assert CompiledCalendar.model_validate(TABLE.model_dump(mode="json")) == TABLE


@pytest.mark.parametrize(
    "damage",
    [
        {"since": 11},
        {"until": 59},
        {"since": 101},
        {"opens": (10,)},
        {"opens": (40, 10), "closes": (60, 20), "sums": (0, 20, 30)},
        {"opens": (10, 20), "sums": (0, 10, 50)},
        {"closes": (10, 60), "sums": (0, 0, 20)},
        {"sums": (0, 10, 31)},
        {"sums": (0, 10)},
        {"opens": (), "closes": (), "sums": ()},
    ],
)
def test_a_damaged_table_is_refused(damage: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CompiledCalendar.model_validate(TABLE.model_dump() | damage)
