"""Which tickets are in a list: by the conditions of the list's own statement."""

from array import array
from collections.abc import Sequence
from datetime import datetime

from pyroaring import BitMap64

from libs.events.log import Executor
from services.query.domain.orders import Filters, Request, State
from services.query.domain.sight import Sight
from services.query.store.arguments import Arguments
from services.query.store.conditions import Conditions
from services.query.store.rows import ASOF
from services.query.store.search import TOO_MANY


async def members(executor: Executor, filters: Filters, sight: Sight, at: datetime) -> BitMap64:
    """The numbers of all tickets of a list, as of an instant."""
    asked = _Asked(filters, sight, at)
    # One value of 8 bytes a ticket: a row each, or an array, takes asyncpg ten times as long, and everybody waits.
    statement = f"{asked.sources} select string_agg(int8send(t.number), ''::bytea) from tickets t where {asked.where}"  # noqa: S608
    numbers: bytes | None = await executor.fetchval(statement, *asked.arguments.values)
    read = array("Q", numbers or b"")
    read.byteswap()
    return BitMap64(read)


async def having(executor: Executor, filters: Filters, sight: Sight, ids: Sequence[str], at: datetime) -> set[str]:
    """Those of some tickets that are in a list."""
    asked = _Asked(filters, sight, at)
    among = f"t.id = any({asked.arguments.bind(ids, 'uuid[]')})"
    statement = f"{asked.sources} select t.id::text as id from tickets t where {among} and {asked.where}"  # noqa: S608
    return {row["id"] for row in await executor.fetch(statement, *asked.arguments.values)}


class _Asked:
    """What a row of `t` must meet to be in a list, in whatever order."""

    def __init__(self, filters: Filters, sight: Sight, at: datetime) -> None:
        self.arguments = Arguments(at)
        # Of an order that has no index by department or responsible, the conditions leave nothing to the scans.
        conditions = Conditions(Request("opened", "asc", filters, 1, None, at, sight), self.arguments)
        state = "t.state is not null" if filters.state is State.ALL else f"t.state = '{filters.state.value}'"
        searching = conditions.searching
        hits = f" and ({TOO_MANY} or t.id in (select id from hits))" if searching else ""  # noqa: S608 - our own
        self.sources = f"with {', '.join([ASOF, *(searching.sources() if searching else ())])}"
        self.where = f"{state}{hits}{conditions.all}"
