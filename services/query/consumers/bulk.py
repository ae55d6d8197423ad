"""Writing many rows at once: as binary COPY, since arrays of parameters cost asyncpg several times as much."""

from collections.abc import Iterable, Sequence
from typing import Any

from libs.events.projection import Connection

Row = Sequence[Any]


async def copy(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Add rows, if there are any."""
    if rows := list(rows):
        await connection.copy_records_to_table(table, records=rows, columns=columns)


async def replace(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Add rows in place of those that have the same id, the first column."""
    if rows := list(rows):
        await connection.execute(
            f"delete from {table} where {columns[0]} = any($1::uuid[])",  # noqa: S608 - our own names
            [row[0] for row in rows],
        )
        await copy(connection, table, columns, rows)
