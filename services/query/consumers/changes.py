"""What viewers are to be told: a sequence of its own, in the order of commits."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from libs.events.projection import Connection

KEPT = 100_000
PRUNE_EVERY = 10_000


class Before(NamedTuple):
    """Where a ticket was before a change, and whether it was to be seen at all: who saw it there and does not any more, is
    told that it is gone.
    """

    was_seen: bool = False
    department_id: UUID | None = None
    responsible_id: UUID | None = None


class Change(NamedTuple):
    """`ticket` or `gone`, of a ticket, and its account if that is to know; `refresh` when names or calendars changed, which
    may show in any row; `rights` when somebody's rights or departments did.
    """

    kind: str
    ticket: str | None = None
    account: UUID | None = None
    before: Before = Before()


REFRESH, RIGHTS = Change("refresh"), Change("rights")


async def tell(connection: Connection, told: Sequence[Change]) -> None:
    rows = [(change.kind, change.ticket, change.account, *change.before) for change in told]
    last: int = await connection.fetchval(_TELL, *map(list, zip(*rows, strict=True)))
    if last // PRUNE_EVERY > (last - len(told)) // PRUNE_EVERY:
        await connection.execute("delete from changes where seq <= $1", last - KEPT)


# The generation's row is locked first: should two consumers be at work for a moment, sequence is still commit order.
_TELL = """
with held as materialized (select id from generation for update),
told as (
    insert into changes (kind, ticket_id, account_id, was_seen, department_before, responsible_before)
    select n.kind, n.ticket_id, n.account_id, n.was_seen, n.department_before, n.responsible_before
      from held, unnest($1::text[], $2::uuid[], $3::uuid[], $4::boolean[], $5::uuid[], $6::uuid[]) with ordinality
           as n(kind, ticket_id, account_id, was_seen, department_before, responsible_before, place)
     order by n.place
    returning seq)
select max(seq) from told
"""
