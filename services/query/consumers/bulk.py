"""Writing rows: many at once as binary COPY, since arrays of parameters cost asyncpg several times as much.

A few, as a live batch has them, go by a prepared insert: a COPY is parsed anew each time.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from libs.events.projection import Connection

Row = Sequence[Any]
FEW = 8


async def copy(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Add rows, if there are any."""
    rows = list(rows)
    if len(rows) > FEW:
        await connection.copy_records_to_table(table, records=rows, columns=columns)
    elif rows:
        await connection.executemany(_insert(table, columns), rows)


async def replace(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Add rows in place of those that have the same id, the first column."""
    if rows := list(rows):
        await connection.execute(
            f"delete from {table} where {columns[0]} = any($1::uuid[])",  # noqa: S608 - our own names
            [row[0] for row in rows],
        )
        await copy(connection, table, columns, rows)


def _insert(table: str, columns: Sequence[str]) -> str:
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    return f"insert into {table} ({', '.join(columns)}) values ({places})"  # noqa: S608 - our own names
