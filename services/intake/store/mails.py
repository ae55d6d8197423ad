"""Every mail that came in: kept before it is answered for, and settled in the transaction that makes something of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.log import Executor
from services.intake.domain.mail.judging import State, Thread, User
from services.intake.domain.ticket import Status, Ticket

MAIL = "mail"
"""The entity's kind in the log, of mails that it speaks of."""
NO_STATE = b"null"
"""The log's state of a mail: what there is to know of it is its row."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as it came in; `content_hash` stands for its Message-ID as well."""

    id: UUID
    gateway: UUID
    content_hash: bytes
    message_id: str
    recipient: str
    envelope_sender: str | None
    """Empty for what nobody wants an answer to; None where it is not known."""
    raw: bytes


@dataclass(frozen=True, slots=True)
class Pending:
    """A mail that something is to be made of; `tries` counts this one."""

    id: UUID
    gateway: UUID
    content_hash: bytes
    recipient: str
    envelope_sender: str | None
    received_at: datetime
    tries: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail as administrators see it."""

    id: UUID
    gateway: UUID
    recipient: str
    received_at: datetime
    state: State
    reason: str | None
    sender: str | None
    subject: str | None
    ticket_id: UUID | None
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class End:
    """What became of a mail."""

    state: State
    reason: str | None = None
    sender: str | None = None
    subject: str | None = None
    ticket_id: UUID | None = None
    user_id: UUID | None = None
    by: str | None = None


class Settled(Exception):
    """Somebody else has settled the mail first."""


# --- keeping it -----------------------------------------------------------------------------------


async def keep(executor: Executor, mail: Arrived, now: datetime | None) -> bool:
    """Whether it had not been kept before."""
    kept = await executor.fetchval(
        _KEEP,
        mail.id,
        mail.gateway,
        mail.content_hash,
        mail.message_id,
        mail.recipient,
        mail.envelope_sender,
        now,
        mail.raw,
    )
    return kept is not None


# --- making something of it -----------------------------------------------------------------------


async def take(executor: Executor, now: datetime | None, lease_seconds: float) -> Pending | None:
    """The mail that has waited longest of those that are due. It comes again after the lease, later each time, until it is
    settled; meanwhile nobody else gets it.
    """
    row = await executor.fetchrow(_TAKE, now, lease_seconds)
    return Pending(**dict(row)) if row else None


async def settle(executor: Executor, mail: UUID, end: End, *, was: Sequence[State] = (State.RECEIVED,)) -> None:
    """Raises Settled if it is not any more what it was."""
    values = (end.reason, end.sender, end.subject, end.ticket_id, end.user_id, end.by)
    if not await executor.fetchval(_SETTLE, mail, list(was), end.state, *values):
        raise Settled


async def put_off(executor: Executor, mail: UUID, reason: str) -> None:
    """It is due when its lease is over; why it could not be done now."""
    await executor.execute("update mails set reason = $2 where id = $1 and state = 'received'", mail, reason)


async def senders_users(executor: Executor, address: str) -> list[User]:
    rows = await executor.fetch(
        "select u.id, u.account_id, u.enabled and coalesce(a.enabled, false) as enabled"
        " from users u left join accounts a on a.id = u.account_id where u.email = $1 limit 10",
        address,
    )
    return [User(row["id"], row["account_id"], row["enabled"]) for row in rows]


async def user(executor: Executor, user_id: UUID) -> User | None:
    row = await executor.fetchrow(
        "select u.id, u.account_id, u.enabled and coalesce(a.enabled, false) as enabled"
        " from users u left join accounts a on a.id = u.account_id where u.id = $1",
        user_id,
    )
    return User(row["id"], row["account_id"], row["enabled"]) if row else None


async def recent(executor: Executor, address: str, mail: Pending) -> int:
    """How many mails of this sender came in the hour before this one, and were not a machine's."""
    count: int = await executor.fetchval(
        "select count(*) from mails where sender = $1 and state <> 'automatic' and id <> $2"
        " and received_at between $3::timestamptz - interval '1 hour' and $3",
        address,
        mail.id,
        mail.received_at,
    )
    return count


async def ticket_answered(executor: Executor, references: Sequence[str]) -> UUID | None:
    """The ticket of an earlier mail with one of these Message-IDs, the first that has one."""
    found: UUID | None = await executor.fetchval(
        "select ticket_id from mails where message_id = any($1) and ticket_id is not null"
        " order by array_position($1, message_id) limit 1",
        list(references),
    )
    return found


async def thread(executor: Executor, ticket: UUID) -> Thread | None:
    state = await executor.fetchval("select state from entities where id = $1 and kind = 'ticket'", ticket)
    if state is None:
        return None
    found = Ticket.model_validate_json(state)
    return Thread(ticket, found.account_id, found.status is Status.DELETED)


# --- what administrators see ----------------------------------------------------------------------


async def waiting(executor: Executor, after: tuple[datetime, UUID] | None, limit: int) -> list[Listed]:
    """What waits for an administrator, the oldest first."""
    rows = await executor.fetch(_WAITING, *(after or (None, None)), limit)
    return [_listed(row) for row in rows]


async def count_waiting(executor: Executor) -> int:
    count: int = await executor.fetchval("select count(*) from mails where state in ('unmatched', 'broken')")
    return count


async def find(executor: Executor, mail: UUID) -> Listed | None:
    row = await executor.fetchrow(f"select {_LISTED} from mails where id = $1", mail)  # noqa: S608 - columns
    return _listed(row) if row else None


async def of_ticket(executor: Executor, ticket: UUID) -> list[Listed]:
    rows = await executor.fetch(
        f"select {_LISTED} from mails where ticket_id = $1 order by received_at, id",  # noqa: S608 - columns
        ticket,
    )
    return [_listed(row) for row in rows]


async def raw(executor: Executor, mail: UUID) -> bytes | None:
    found: bytes | None = await executor.fetchval("select raw from mails where id = $1", mail)
    return found


# --- letting it go --------------------------------------------------------------------------------


async def discard(executor: Executor, mail: UUID, by: str) -> None:
    """Nothing of it is left but that it was there, so that it is not taken in again. Raises Settled."""
    if not await executor.fetchval(f"{_BLANK}, state = 'discarded', settled_by = $2{_WAITS}", mail, by):
        raise Settled


async def erase(executor: Executor, ticket: UUID) -> None:
    """The mails of a ticket, in the transaction that deletes it."""
    await executor.execute(f"{_BLANK}, state = 'erased' where ticket_id = $1", ticket)


async def erase_of_users(executor: Executor, users: Sequence[UUID]) -> None:
    """What these people wrote and nobody has made a ticket of."""
    await executor.execute(f"{_BLANK}, state = 'erased' where user_id = any($1){_OF_WAITING}", list(users))


async def forget_automatic(executor: Executor, now: datetime | None, seconds: float) -> None:
    """What machines wrote so long ago."""
    await executor.execute(
        f"{_BLANK}, state = 'discarded' where state = 'automatic'"
        " and received_at < coalesce($1::timestamptz, clock_timestamp()) - make_interval(secs => $2)",
        now,
        seconds,
    )


def _listed(row: asyncpg.Record) -> Listed:
    return Listed(**{**dict(row), "state": State(row["state"])})


_LISTED = "id, gateway, recipient, received_at, state, reason, sender, subject, ticket_id, user_id"
_KEEP = """
insert into mails (id, gateway, content_hash, message_id, recipient, envelope_sender, received_at, state, raw)
values ($1, $2, $3, $4, $5, $6, coalesce($7::timestamptz, clock_timestamp()), 'received', $8)
on conflict (gateway, content_hash) do nothing
returning true
"""
_TAKE = """
with instant as (select coalesce($1::timestamptz, clock_timestamp()) as now),
     due as (
     select id from mails, instant
      where state = 'received' and (retry_at is null or retry_at <= now)
      order by received_at, id limit 1 for update of mails skip locked)
update mails m
   set tries = tries + 1, retry_at = instant.now + make_interval(secs => least(3600, $2 * power(2, least(tries, 10))))
  from due, instant where m.id = due.id
returning m.id, m.gateway, m.content_hash, m.recipient, m.envelope_sender, m.received_at, m.tries, m.raw
"""
_SETTLE = """
update mails
   set state = $3, reason = $4, sender = coalesce($5, sender), subject = coalesce($6, subject), ticket_id = $7,
       user_id = $8, settled_by = $9, settled_at = clock_timestamp(), retry_at = null
 where id = $1 and state = any($2)
returning true
"""
_BLANK = """
update mails
   set raw = null, sender = null, subject = null, recipient = '', envelope_sender = null, message_id = '', reason = null,
       user_id = null, settled_at = clock_timestamp()
"""
_OF_WAITING = " and state in ('unmatched', 'broken')"
_WAITS = f" where id = $1{_OF_WAITING} returning true"
_WAITING = f"""
select {_LISTED} from mails
 where state in ('unmatched', 'broken')
   and ($1::timestamptz is null or (received_at, id) > ($1, $2::uuid))
 order by received_at, id limit $3
"""  # noqa: S608 - columns
