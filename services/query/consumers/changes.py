"""What viewers are to be told: a sequence of its own, in the order of commits."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from libs.events.projection import Connection

KEPT = 100_000
PRUNE_EVERY = 10_000


class Change(NamedTuple):
    """`ticket` or `gone`, of a ticket, and its account if that is to know; `refresh` when names or calendars changed, which
    may show in any row; `rights` when somebody's rights or departments did.

    `before` is JSON of the ticket's Facts before the change, if it was to be seen: who had it in a list that it is not in
    any more, is told so.
    """

    kind: str
    ticket: str | None = None
    account: UUID | None = None
    before: str | None = None


REFRESH, RIGHTS = Change("refresh"), Change("rights")


async def tell(connection: Connection, told: Sequence[Change]) -> None:
    last: int = await connection.fetchval(_TELL, *map(list, zip(*told, strict=True)))
    if last // PRUNE_EVERY > (last - len(told)) // PRUNE_EVERY:
        await connection.execute("delete from changes where seq <= $1", last - KEPT)


# The generation's row is locked first: should two consumers be at work for a moment, sequence is still commit order.
_TELL = """
with held as materialized (select id from generation for update),
told as (
    insert into changes (kind, ticket_id, account_id, before)
    select n.kind, n.ticket_id, n.account_id, n.before::json
      from held, unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[]) with ordinality
           as n(kind, ticket_id, account_id, before, place)
     order by n.place
    returning seq)
select max(seq) from told
"""
