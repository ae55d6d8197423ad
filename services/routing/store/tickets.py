"""Tickets as routing keeps them, and what was written in them."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from uuid import UUID

import asyncpg

from libs.events.catalogue.intake import Channel, Urgency
from libs.events.projection import Connection
from services.routing.domain.tickets import Ticket

_NAMES = [field.name for field in fields(Ticket)]
TICKET_COLUMNS = ", ".join(f"t.{name}" for name in ("id", *_NAMES))


async def tickets(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, Ticket | None]:
    rows = await connection.fetch(
        f"select {TICKET_COLUMNS} from tickets t where id = any($1)",  # noqa: S608 - columns
        list(ids),
    )
    return {row["id"]: ticket_of(row) for row in rows}


async def keep_tickets(connection: Connection, known: Mapping[UUID, Ticket | None]) -> None:
    """Write these tickets; forget those that are None, and what was written in them."""
    rows = [(ticket_id, *_values(ticket)) for ticket_id, ticket in known.items() if ticket]
    if rows:
        await connection.execute(_KEEP_TICKETS, *(list(column) for column in zip(*rows, strict=True)))
    gone = [ticket_id for ticket_id, ticket in known.items() if ticket is None]
    if gone:
        await connection.execute("delete from tickets where id = any($1)", gone)
        await connection.execute("delete from ticket_words where ticket = any($1)", gone)


async def keep_words(connection: Connection, ticket: UUID, subject: str, text: str) -> None:
    await connection.execute(
        "insert into ticket_words values ($1, $2, $3) on conflict (ticket) do update set subject = $2, text = $3",
        ticket,
        subject,
        text,
    )


async def keep_subject(connection: Connection, ticket: UUID, subject: str) -> None:
    await connection.execute("update ticket_words set subject = $2 where ticket = $1", ticket, subject)


def ticket_of(row: asyncpg.Record) -> Ticket:
    """The columns are those of TICKET_COLUMNS."""
    values = {name: row[name] for name in _NAMES}
    return Ticket(**{**values, "urgency": Urgency(values["urgency"]), "channel": Channel(values["channel"])})


def _values(ticket: Ticket) -> list[object]:
    return [getattr(ticket, name) for name in _NAMES]


_TYPES = {
    "account_id": "uuid",
    "category_id": "uuid",
    "urgency": "text",
    "version": "integer",
    "categorised": "integer",
    "categorised_at": "timestamptz",
    "opened_at": "timestamptz",
    "waited_until": "timestamptz",
    "project_id": "uuid",
    "channel": "text",
    "language": "text",
    "is_open": "boolean",
    "department_id": "uuid",
    "responsible_id": "uuid",
}
_KEEP_TICKETS = f"""
insert into tickets (id, {", ".join(_NAMES)})
select * from unnest($1::uuid[], {", ".join(f"${at}::{_TYPES[name]}[]" for at, name in enumerate(_NAMES, 2))})
on conflict (id) do update set {", ".join(f"{name} = excluded.{name}" for name in _NAMES)}
"""  # noqa: S608 - columns
