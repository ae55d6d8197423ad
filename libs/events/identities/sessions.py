"""Sessions that ended before their tokens did: signed out, taken away, handed back. Kept for as long as a token may live."""

from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.accounts import SessionEnded
from libs.events.envelope import Event
from libs.events.log import Executor

TYPES = {SessionEnded.TYPE}
TABLE = """
create table ended_sessions (id uuid primary key, tokens_until timestamptz not null);
create index ended_sessions_until on ended_sessions (tokens_until);
"""


async def fold(connection: Executor, event: Event) -> None:
    ended = CATALOGUE.read(event)
    assert isinstance(ended, SessionEnded)
    # By the event's time, not by a clock: a rebuild has to come to the same rows.
    await connection.execute("delete from ended_sessions where tokens_until < $1", event.time)
    await connection.execute(
        "insert into ended_sessions (id, tokens_until) values ($1::text::uuid, $2) on conflict do nothing",
        event.entity,
        ended.tokens_until,
    )


async def ended_sessions(executor: Executor) -> set[str]:
    """Ids of the sessions whose tokens are no longer good."""
    return {str(row["id"]) for row in await executor.fetch("select id from ended_sessions")}
