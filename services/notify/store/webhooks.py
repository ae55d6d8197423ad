"""Webhooks, the events for them, and their deliveries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from libs.events import envelope
from libs.events.catalogue import CATALOGUE
from libs.events.envelope import Event
from libs.events.log import Executor


@dataclass(frozen=True, slots=True)
class Webhook:
    """`state`: active, paused (it failed for long), or disabled (by somebody)."""

    id: UUID
    name: str
    url: str
    types: list[str]
    secret: bytes
    state: str
    version: int
    created_at: datetime
    failing_since: datetime | None
    paused_at: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    number: int
    event: UUID
    payload: str
    queued_at: datetime
    attempts: int


# --- webhooks -----------------------------------------------------------------------------------
async def add(executor: Executor, one: Webhook) -> None:
    values = (one.id, one.name, one.url, one.types, one.secret, one.state, one.version, one.created_at)
    await executor.execute(_ADD, *values)


async def find(executor: Executor, webhook: UUID) -> Webhook | None:
    row = await executor.fetchrow("select * from webhooks where id = $1", webhook)
    return Webhook(**dict(row)) if row else None


async def listed(executor: Executor) -> list[Webhook]:
    return [Webhook(**dict(row)) for row in await executor.fetch("select * from webhooks order by created_at, id")]


async def change(executor: Executor, one: Webhook, expected: int | None, now: datetime) -> Webhook | None:
    """None if it is not of the version expected (None: whatever it is). One that is active again tries all at once."""
    row = await executor.fetchrow(_CHANGE, one.id, one.name, one.url, one.types, one.state, one.secret, expected)
    if row and one.state == "active":
        await executor.execute(
            "update webhook_deliveries set next_at = $2 where webhook = $1 and state = 'pending'", one.id, now
        )
    return Webhook(**dict(row)) if row else None


async def remove(executor: Executor, webhook: UUID) -> bool:
    removed: bool | None = await executor.fetchval("delete from webhooks where id = $1 returning true", webhook)
    return removed is True


async def note_failure(executor: Executor, webhook: UUID, error: str, now: datetime) -> datetime:
    """Since when it has failed without a success in between."""
    since: datetime | None = await executor.fetchval(
        "update webhooks set failing_since = coalesce(failing_since, $2), last_error = $3 where id = $1"
        " returning failing_since",
        webhook,
        now,
        error,
    )
    return since or now


async def note_success(executor: Executor, webhook: UUID) -> None:
    await executor.execute(
        "update webhooks set failing_since = null, last_error = null where id = $1 and failing_since is not null",
        webhook,
    )


async def pause(executor: Executor, webhook: UUID, now: datetime) -> bool:
    """Whether it was active until now."""
    paused: bool | None = await executor.fetchval(
        "update webhooks set state = 'paused', paused_at = $2 where id = $1 and state = 'active' returning true",
        webhook,
        now,
    )
    return paused is True


async def figures(executor: Executor) -> tuple[int, int]:
    """How many webhooks are paused, and how many deliveries are to be made."""
    row = await executor.fetchrow(
        "select (select count(*) from webhooks where state = 'paused') as paused,"
        " (select count(*) from webhook_deliveries where state = 'pending') as pending"
    )
    assert row is not None
    return row["paused"], row["pending"]


# --- taking events in ---------------------------------------------------------------------------
async def subscriptions(executor: Executor) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await executor.fetch(
        "select id, types, created_at from webhooks where state <> 'disabled' order by id for share"
    )
    return rows


async def keep(executor: Executor, event: Event, hooks: Sequence[UUID], now: datetime) -> None:
    """Queue an event for these webhooks; nothing for one that has had it before."""
    payload = envelope.to_json(event).decode()
    values = (UUID(event.id), event.service, UUID(event.entity), event.type, event.time)
    await executor.execute(_KEEP, *values, payload)
    await executor.execute(_QUEUE, list(hooks), UUID(event.id), UUID(event.entity), now)


async def redact(executor: Executor, entities: Collection[UUID]) -> None:
    """Take what people wrote out of the events of what was deleted; that they happened is still told."""
    rows = await executor.fetch("select id, payload from webhook_events where entity = any($1)", list(entities))
    redacted = [(row["id"], _redacted(row["payload"])) for row in rows]
    await executor.executemany("update webhook_events set payload = $2 where id = $1", redacted)


def _redacted(payload: str) -> str:
    event = orjson.loads(payload)
    event["data"] = CATALOGUE.redact(event["type"], event["data"])
    return orjson.dumps({"redacted": True, **event}).decode()


# --- delivering ---------------------------------------------------------------------------------
async def due_hooks(executor: Executor, now: datetime) -> list[UUID]:
    """The active webhooks with something to deliver now."""
    rows = await executor.fetch(_DUE_HOOKS, now)
    return [row["webhook"] for row in rows]


async def claim(connection: Executor, webhook: UUID, now: datetime, lease: timedelta, limit: int) -> list[Delivery]:
    """The first delivery of each entity that has one waiting, the caller's alone until the lease is over."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"webhook:{webhook}")
    rows = await connection.fetch(_CLAIM, webhook, now, now + lease, limit)
    return sorted((Delivery(**dict(row)) for row in rows), key=lambda one: one.number)


async def delivered(executor: Executor, number: int, status: int, now: datetime) -> None:
    await executor.execute(
        "update webhook_deliveries set state = 'delivered', status = $2, error = null, done_at = $3, leased_until = null"
        " where number = $1",
        number,
        status,
        now,
    )


async def put_off(executor: Executor, number: int, until: datetime, status: int | None, error: str | None) -> None:
    await executor.execute(
        "update webhook_deliveries set next_at = $2, status = $3, error = $4, leased_until = null where number = $1",
        number,
        until,
        status,
        error,
    )


async def give_up(executor: Executor, number: int, status: int | None, error: str | None, now: datetime) -> None:
    await executor.execute(
        "update webhook_deliveries set state = 'failed', status = $2, error = $3, done_at = $4, leased_until = null"
        " where number = $1",
        number,
        status,
        error,
        now,
    )


async def forget(executor: Executor, before: datetime) -> None:
    """The deliveries go with their events."""
    await executor.execute("delete from webhook_events where at < $1", before)


# --- the log of deliveries ----------------------------------------------------------------------
async def deliveries(
    executor: Executor, webhook: UUID, state: str | None, before: int, limit: int
) -> list[dict[str, Any]]:
    """The newest first."""
    rows = await executor.fetch(_DELIVERIES, webhook, state, before, limit)
    return [dict(row) for row in rows]


async def replay_one(executor: Executor, webhook: UUID, number: int, now: datetime) -> int:
    """How many are queued again: 0 if there is no such delivery."""
    queued: int = await executor.fetchval(_REPLAY_ONE, webhook, number, now)
    return queued


async def replay(executor: Executor, webhook: UUID, since: datetime, until: datetime, now: datetime) -> int:
    """Queue all events of a time again that were queued for the webhook, in their order; how many."""
    queued: int = await executor.fetchval(_REPLAY, webhook, since, until, now)
    return queued


_ADD = """
insert into webhooks (id, name, url, types, secret, state, version, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_CHANGE = """
update webhooks
   set name = $2, url = $3, types = $4, state = $5, secret = $6, version = version + 1,
       failing_since = case when $5 = 'active' then null else failing_since end,
       paused_at = case when $5 = 'active' then null else paused_at end,
       last_error = case when $5 = 'active' then null else last_error end
 where id = $1 and ($7::integer is null or version = $7)
returning *
"""
_KEEP = """
insert into webhook_events (id, source, entity, type, at, payload) values ($1, $2, $3, $4, $5, $6)
on conflict do nothing
"""
_QUEUE = """
insert into webhook_deliveries (webhook, event, entity, queued_at, next_at)
select hook, $2, $3, $4, $4 from unnest($1::uuid[]) as hook
on conflict do nothing
"""
_DUE_HOOKS = """
select w.id as webhook from webhooks w
 where w.state = 'active' and exists (
       select from webhook_deliveries d
        where d.webhook = w.id and d.state = 'pending' and d.next_at <= $1
          and (d.leased_until is null or d.leased_until <= $1))
"""
_CLAIM = """
with heads as (
    select distinct on (entity) number, next_at, leased_until
      from webhook_deliveries where webhook = $1 and state = 'pending'
     order by entity, number),
due as (
    select number from heads
     where next_at <= $2 and (leased_until is null or leased_until <= $2)
     order by number limit $4)
update webhook_deliveries d set leased_until = $3, attempts = d.attempts + 1
  from due, webhook_events e, webhooks w
 where d.number = due.number and e.id = d.event and w.id = d.webhook and w.state = 'active'
returning d.number, d.event, e.payload, d.queued_at, d.attempts
"""
_DELIVERIES = """
select d.number, d.event as event_id, e.type, d.entity as entity_id, e.at, d.is_replay, d.state, d.queued_at,
       d.next_at, d.attempts, d.status, d.error, d.done_at
  from webhook_deliveries d join webhook_events e on e.id = d.event
 where d.webhook = $1 and ($2::text is null or d.state = $2) and d.number < $3
 order by d.number desc limit $4
"""
_REPLAY_ONE = """
with again as (
    insert into webhook_deliveries (webhook, event, entity, is_replay, queued_at, next_at)
    select webhook, event, entity, true, $3, $3 from webhook_deliveries where webhook = $1 and number = $2
    returning 1)
select count(*) from again
"""
_REPLAY = """
with again as (
    insert into webhook_deliveries (webhook, event, entity, is_replay, queued_at, next_at)
    select d.webhook, d.event, d.entity, true, $4, $4
      from webhook_deliveries d join webhook_events e on e.id = d.event
     where d.webhook = $1 and not d.is_replay and d.state <> 'pending' and e.at >= $2 and e.at < $3
     order by d.number
    returning 1)
select count(*) from again
"""
