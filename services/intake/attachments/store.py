"""All SQL about attachments.

The row comes before the file and goes after it, so that no file is without a row: `receiving` while the file is written,
`ready` until a message takes it, `claimed`, and `removing` before the file is touched, so that nobody can claim it any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.log import Executor, Key, Used
from services.intake.attachments.domain import Held, State, Upload
from services.intake.domain.ticket import Ticket

LEAST_BYTES = 64 << 10
"""What a file counts for at least, so that many small ones are limited as well."""


# --- uploading ------------------------------------------------------------------------------------


async def used_key(executor: Executor, key: Key) -> Used | None:
    """What this key has uploaded before."""
    row = await executor.fetchrow("select fingerprint, entity, position from idempotency where key = $1", key.value)
    return Used(row["fingerprint"], row["entity"], row["position"]) if row else None


async def begin(pool: asyncpg.Pool, upload: Upload, now: datetime | None, *, seconds: float, quota: int) -> bool:
    """Make the row of a file that is about to be written; False when the owner has too much unclaimed already.

    `now` replaces PostgreSQL's clock. The row goes after `seconds` unless the file was finished.
    """
    async with pool.acquire() as connection, connection.transaction():
        # One at a time per owner, or many at once would each find the room that only one may take.
        await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"attachments:{upload.owner}")
        values = (upload.id, upload.owner, upload.name, upload.content_type, upload.size)
        begun = await connection.fetchval(_BEGIN, *values, now, seconds, LEAST_BYTES, quota)
    return begun is not None


async def finish(pool: asyncpg.Pool, upload: Upload, key: Key, now: datetime | None, *, seconds: float) -> bool | None:
    """The file is there whole: it may be claimed for `seconds`, and its key is known.

    False when the key has been used meanwhile, None when the row was given up; nothing is changed then.
    """
    try:
        async with pool.acquire() as connection, connection.transaction():
            done = await connection.fetchval(_FINISH, upload.id, upload.size, upload.sha256, now, seconds)
            if done is None:
                return None
            await connection.execute(
                "insert into idempotency (key, fingerprint, entity, position) values ($1, $2, $3, 0)",
                key.value,
                key.fingerprint,
                upload.id,
            )
    except asyncpg.UniqueViolationError:
        return False
    return True


async def give_up(executor: Executor, file: UUID, now: datetime | None) -> None:
    """An upload failed; what there is of it may go at once."""
    await executor.execute(_GIVE_UP, file, now)


async def upload(executor: Executor, file: UUID) -> Upload | None:
    """An upload that is whole, claimed or not."""
    row = await executor.fetchrow(f"{_UPLOAD} where id = $1 and state in ('ready', 'claimed')", file)
    return _upload(row) if row else None


# --- claiming and releasing -----------------------------------------------------------------------


async def lock(connection: Executor, files: Sequence[UUID]) -> Mapping[UUID, Upload]:
    """The uploads, which nobody else claims or removes until the transaction ends."""
    rows = await connection.fetch(f"{_UPLOAD} where id = any($1) order by id for update", files)
    return {row["id"]: _upload(row) for row in rows}


async def claim(connection: Executor, files: Sequence[UUID], ticket: UUID, *, internal: bool) -> None:
    """In the transaction that has locked them and writes the message."""
    await connection.execute(_CLAIM, files, ticket, internal)


async def release(connection: Executor, ticket: UUID) -> int:
    """All files of a ticket are to go, and their names are gone; in the transaction that deletes it. How many they are."""
    status: str = await connection.execute(_RELEASE, ticket)
    return int(status.rpartition(" ")[2])


# --- reading --------------------------------------------------------------------------------------


async def held(executor: Executor, ticket: UUID, file: UUID) -> Held | None:
    """A file that a message of this ticket holds."""
    row = await executor.fetchrow(_HELD, ticket, file)
    if row is None:
        return None
    return Held(
        id=row["id"],
        ticket=Ticket.model_validate_json(row["ticket"]),
        internal=row["internal"],
        name=row["name"],
        content_type=row["content_type"],
        size=row["size"],
        sha256=row["sha256"],
    )


# --- removing -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """A file to remove; `tries` counts this one."""

    id: UUID
    tries: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Files that should be gone, and for how long the oldest should, in seconds."""

    files: int
    seconds: float


async def take_due(executor: Executor, now: datetime | None, limit: int) -> list[Due]:
    """Files whose time has come, from now on nobody's to claim; each is given again, later and later, until `gone`."""
    rows = await executor.fetch(_TAKE_DUE, now, limit)
    return [Due(row["id"], row["tries"]) for row in rows]


async def gone(executor: Executor, file: UUID) -> bool:
    """The file is removed, so the row goes; whether this call did it."""
    return bool(
        await executor.fetchval("delete from attachments where id = $1 and state = 'removing' returning true", file)
    )


async def backlog(executor: Executor, now: datetime | None) -> Backlog:
    row = await executor.fetchrow(_BACKLOG, now)
    assert row is not None
    return Backlog(row["files"], max(0.0, float(row["seconds"])))


# --- checking -------------------------------------------------------------------------------------


async def known(executor: Executor, files: Sequence[UUID]) -> set[UUID]:
    """Those that have a row."""
    return {row["id"] for row in await executor.fetch("select id from attachments where id = any($1)", files)}


async def whole(executor: Executor, after: UUID, limit: int) -> list[Upload]:
    """Rows that promise a file, by id."""
    rows = await executor.fetch(
        f"{_UPLOAD} where id > $1 and state in ('ready', 'claimed') order by id limit $2", after, limit
    )
    return [_upload(row) for row in rows]


def _upload(row: asyncpg.Record) -> Upload:
    return Upload(
        id=row["id"],
        owner=row["owner"],
        state=State(row["state"]),
        name=row["name"],
        content_type=row["content_type"],
        size=row["size"],
        sha256=row["sha256"] or b"",
    )


_UPLOAD = "select id, owner, state, name, content_type, size, sha256 from attachments"
_BEGIN = """
insert into attachments (id, owner, state, name, content_type, size, remove_at)
select $1, $2, 'receiving', $3, $4, $5::bigint, coalesce($6::timestamptz, clock_timestamp()) + make_interval(secs => $7)
 where (select coalesce(sum(greatest(size, $8::bigint)), 0) from attachments
         where owner = $2 and state in ('receiving', 'ready')) + greatest($5::bigint, $8) <= $9::bigint
returning true
"""
_FINISH = """
update attachments
   set state = 'ready', size = $2, sha256 = $3,
       remove_at = coalesce($4::timestamptz, clock_timestamp()) + make_interval(secs => $5)
 where id = $1 and state = 'receiving'
returning true
"""
_GIVE_UP = """
update attachments set remove_at = coalesce($2::timestamptz, clock_timestamp()) where id = $1 and state = 'receiving'
"""
_CLAIM = """
update attachments set state = 'claimed', ticket_id = $2, internal = $3, remove_at = null where id = any($1)
"""
_RELEASE = """
update attachments set state = 'removing', name = '', remove_at = clock_timestamp()
 where ticket_id = $1 and state = 'claimed'
"""
_HELD = """
select a.id, a.internal, a.name, a.content_type, a.size, a.sha256, e.state as ticket
  from attachments a join entities e on e.id = a.ticket_id
 where a.ticket_id = $1 and a.id = $2 and a.state = 'claimed'
"""
# The next try is put off in the same statement: a process that dies, or a store that fails, holds up no other file.
_TAKE_DUE = """
with instant as (select coalesce($1::timestamptz, clock_timestamp()) as now),
     due as (
     select id from attachments, instant
      where remove_at <= now and (retry_at is null or retry_at <= now)
      order by remove_at limit $2 for update of attachments skip locked)
update attachments a
   set state = 'removing', name = '', tries = tries + 1,
       retry_at = instant.now + make_interval(secs => least(3600, 15 * power(2, least(tries, 10))))
  from due, instant where a.id = due.id
returning a.id, a.tries
"""
_BACKLOG = """
select count(*) as files,
       coalesce(extract(epoch from coalesce($1::timestamptz, clock_timestamp()) - min(remove_at)), 0) as seconds
  from attachments where remove_at <= coalesce($1::timestamptz, clock_timestamp())
"""
