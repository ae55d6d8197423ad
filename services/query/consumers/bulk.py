"""Statements that take whole columns, so that a batch costs as many round trips as a single row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def unnested(columns: Mapping[str, str]) -> str:
    """`unnest($1::uuid[], …) as n(id, …)` for columns and their types."""
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(columns.values(), 1))
    return f"unnest({arrays}) as n({', '.join(columns)})"


def insert(table: str, columns: Mapping[str, str]) -> str:
    return f"insert into {table} ({', '.join(columns)}) select * from {unnested(columns)}"  # noqa: S608 - our own names


def upsert(table: str, columns: Mapping[str, str]) -> str:
    """Insert, or replace all of the row with the same `id`."""
    return f"{insert(table, columns)} on conflict (id) do update set {assignments(columns)}"


def assignments(columns: Iterable[str]) -> str:
    return ", ".join(f"{column} = excluded.{column}" for column in columns if column != "id")


def transposed(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Rows to the columns that such statements take; there must be at least one row."""
    return [list(column) for column in zip(*rows, strict=True)]
