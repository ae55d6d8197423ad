"""What viewers are to be told: a sequence of its own, in the order of commits."""

from collections.abc import Sequence
from uuid import UUID

from libs.events.projection import Connection

KEPT = 100_000
PRUNE_EVERY = 10_000

Change = tuple[str, str | None, UUID | None]
"""`ticket` or `gone`, the ticket, its account; `refresh` when names or calendars changed, which may show in any row."""


async def tell(connection: Connection, told: Sequence[Change]) -> None:
    kinds, tickets, account_ids = zip(*told, strict=True)
    last: int = await connection.fetchval(_TELL, list(kinds), list(tickets), list(account_ids))
    if last // PRUNE_EVERY > (last - len(told)) // PRUNE_EVERY:
        await connection.execute("delete from changes where seq <= $1", last - KEPT)


async def tell_refresh(connection: Connection) -> None:
    await tell(connection, [("refresh", None, None)])


# The generation's row is locked first: should two consumers be at work for a moment, sequence is still commit order.
_TELL = """
with held as materialized (select id from generation for update),
told as (
    insert into changes (kind, ticket_id, account_id)
    select n.kind, n.ticket_id, n.account_id
      from held, unnest($1::text[], $2::uuid[], $3::uuid[]) with ordinality as n(kind, ticket_id, account_id, place)
     order by n.place
    returning seq)
select max(seq) from told
"""
