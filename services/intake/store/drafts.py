"""What administrators have written and not yet sent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.events.log import Executor


@dataclass(frozen=True, slots=True)
class Draft:
    text: str
    saved_at: datetime


async def save(executor: Executor, ticket: UUID, administrator: UUID, draft: Draft) -> None:
    """In place of the one before."""
    await executor.execute(
        "insert into drafts (ticket, administrator, text, saved_at) values ($1, $2, $3, $4)"
        " on conflict (ticket, administrator) do update set text = $3, saved_at = $4",
        ticket,
        administrator,
        draft.text,
        draft.saved_at,
    )


async def find(executor: Executor, ticket: UUID, administrator: UUID) -> Draft | None:
    row = await executor.fetchrow(
        "select text, saved_at from drafts where ticket = $1 and administrator = $2", ticket, administrator
    )
    return Draft(row["text"], row["saved_at"]) if row else None


async def discard(executor: Executor, ticket: UUID, administrator: UUID) -> None:
    await executor.execute("delete from drafts where ticket = $1 and administrator = $2", ticket, administrator)


async def erase(executor: Executor, ticket: UUID) -> None:
    """Everybody's drafts of a ticket."""
    await executor.execute("delete from drafts where ticket = $1", ticket)
