"""docs/list.md names the orders, filters, indexes and limits that there are."""

import re
from pathlib import Path

import pytest

from services.query.consumers import ReadModel
from services.query.domain.orders import USUAL, Filters
from services.query.store import few, search

DOCUMENT = (Path(__file__).parents[3] / "docs" / "list.md").read_text()
TABLES = r"(?:tickets|messages|accounts|names)_\w+"


def named(heading: str) -> set[str]:
    """What the first cells of the table in a section name."""
    section = DOCUMENT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    _, rows = section.split("\n|---")
    cells = [line.split("|")[1] for line in rows.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_each_order_is_told_of() -> None:
    assert named("Orders") == USUAL.keys()


def test_each_filter_is_told_of_and_no_other() -> None:
    assert named("Filters") | {"text"} == Filters.model_fields.keys()


def test_each_index_that_is_named_is_there() -> None:
    there = set(re.findall(r"create (?:unique )?index (\w+)", ReadModel.tables.read_text()))
    told = set(re.findall(rf"`({TABLES})`", DOCUMENT))
    assert len(told) > 20
    assert told <= there


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        (few.FEW, "at most {} tickets"),
        (few.FEW_OF_NAMED, "({} in the orders by name"),
        (search.FEW_HITS, "a text may be in {} messages"),
    ],
)
def test_what_few_are_is_what_is_told(limit: int, told: str) -> None:
    assert told.format(f"{limit:,}") in DOCUMENT
