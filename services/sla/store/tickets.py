"""What has to be known to judge tickets, and held still meanwhile."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Urgency
from libs.events.log import Executor
from libs.events.projection import Connection
from services.sla.domain.plan import Clock, ProfileSince
from services.sla.domain.profiles import AccountTrait, Trait, profiles
from services.sla.domain.wait import Facts, Placement, Wait
from services.sla.store.entities import TICKET

ANSWER, RESOLUTION = "answer", "resolution"
"""What is waited for, as it is written down."""
_PLANS_LOCK = 0x706C616E  # "plan"; advisory locks are per database


async def hold_plans(connection: Connection, *, to_change: bool = False) -> None:
    """Let no plan change, or nobody judge by one, until the transaction ends.

    So whoever changes one finds all tickets that were judged by the former one.
    """
    shared = "" if to_change else "_shared"
    await connection.execute(f"select pg_advisory_xact_lock{shared}({_PLANS_LOCK})")


async def lock_tickets(connection: Connection, tickets: Collection[UUID]) -> None:
    """In one order, so that nobody waits for another who waits for them."""
    await connection.execute("select id from entities where id = any($1) order by id for update", tickets)


async def facts(executor: Executor, tickets: Collection[UUID], known_until: datetime | None) -> dict[UUID, Facts]:
    """What intake says of tickets, without the waits of which nothing can be said any more.

    Those were over by `known_until`, when their ticket had a department already, and nothing of theirs has fallen due since.
    """
    waits: dict[UUID, list[Wait]] = {ticket: [] for ticket in tickets}
    for row in await executor.fetch(_WAITS, tickets, known_until):
        clock = Clock.RESOLUTION if row["clock"] == RESOLUTION else Clock.FIRST if row["is_first"] else Clock.NEXT
        waits[row["ticket"]].append(Wait(row["since"], row["until"], clock))
    placements: dict[UUID, list[Placement]] = {ticket: [] for ticket in tickets}
    for row in await executor.fetch(_PLACEMENTS, tickets):
        placements[row["ticket"]].append(Placement(row["since"], row["department"]))
    known = await _profiles(executor, tickets)
    return {ticket: Facts(waits[ticket], placements[ticket], known[ticket]) for ticket in tickets}


async def _profiles(executor: Executor, tickets: Collection[UUID]) -> dict[UUID, list[ProfileSince]]:
    traits: dict[UUID, list[Trait]] = {ticket: [] for ticket in tickets}
    for row in await executor.fetch(_TRAITS, tickets):
        urgency = Urgency(row["urgency"]) if row["urgency"] else None
        traits[row["ticket"]].append(Trait(row["since"], urgency, row["project"], row["tells_project"]))
    accounts: dict[UUID, list[AccountTrait]] = {ticket: [] for ticket in tickets}
    for row in await executor.fetch(_ACCOUNTS, tickets):
        accounts[row["ticket"]].append(AccountTrait(row["since"], Attitude(row["attitude"]), row["group_id"]))
    return {ticket: profiles(traits[ticket], accounts[ticket]) for ticket in tickets}


async def of_accounts(connection: Connection, since: Mapping[UUID, datetime]) -> list[tuple[UUID, UUID]]:
    """Ticket and account, of tickets of these accounts that waited for an answer at the instant or after it."""
    rows = await connection.fetch(_OF_ACCOUNTS, list(since), list(since.values()))
    return [(row["ticket"], row["account"]) for row in rows]


async def newer_states(executor: Executor, known: dict[UUID, int]) -> list[asyncpg.Record]:
    """Id, version and state of those entities that are at another version than is known."""
    return await executor.fetch(_NEWER, list(known), list(known.values()))


async def reschedule(connection: Connection, ticket: UUID, due_at: datetime | None) -> None:
    """When time alone has something to say next; that is an index of facts, not part of the state."""
    await connection.execute(
        "update entities set due_at = $2 where id = $1 and due_at is distinct from $2", ticket, due_at
    )


async def due_tickets(pool: asyncpg.Pool, known_until: datetime, limit: int) -> list[UUID]:
    """Tickets with something to say by then, but for those of which an event is parked: it may be the answer."""
    return [row["id"] for row in await pool.fetch(_DUE, TICKET, known_until, limit)]


_WAITS = """
select w.ticket, w.clock, w.since, w.until,
       not exists (select from waits o where o.ticket = w.ticket and o.clock = w.clock and o.since < w.since) as is_first
  from waits w left join entities e on e.id = w.ticket
 where w.ticket = any($1)
   and (w.until is null or $2::timestamptz is null or w.until > $2 or w.until > e.due_at
        or not exists (select from placements p where p.ticket = w.ticket and p.since < w.until))
 order by w.ticket, w.since
"""
_PLACEMENTS = "select ticket, since, department from placements where ticket = any($1) order by ticket, version"
_TRAITS = """
select ticket, since, urgency, project, tells_project from traits where ticket = any($1) order by ticket, version
"""
_ACCOUNTS = """
select t.ticket, a.since, a.attitude, a.group_id
  from ticket_accounts t join account_versions a on a.account = t.account
 where t.ticket = any($1)
 order by t.ticket, a.version
"""
_OF_ACCOUNTS = """
select distinct t.ticket, t.account
  from unnest($1::uuid[], $2::timestamptz[]) as a(account, since)
  join ticket_accounts t on t.account = a.account
  join waits w on w.ticket = t.ticket
 where w.until is null or w.until >= a.since
"""
_NEWER = """
select e.id, e.version, e.state
  from unnest($1::uuid[], $2::integer[]) as k(id, version) join entities e on e.id = k.id and e.version <> k.version
"""
_DUE = """
select id from entities e
 where kind = $1 and due_at <= $2
   and not exists (select from parked p where p.source = 'intake' and p.entity = e.id::text)
 order by due_at limit $3
"""
