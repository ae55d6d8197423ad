"""Mail gateways: addresses and mailboxes, and how far these have been read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.log import Executor


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where mail comes in. With an `imap_host` its mailbox is read, else a server hands it over."""

    id: UUID
    address: str
    category_id: UUID
    project_id: UUID | None
    language: str | None
    enabled: bool
    authserv_id: str | None
    answers_strangers: bool
    imap_host: str | None
    imap_port: int | None
    imap_security: str | None
    imap_user: str | None
    imap_folder: str | None
    imap_password: bytes | None
    version: int
    changed_by: str
    changed_at: datetime
    read_at: datetime | None
    failing_since: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where a mailbox has been read; without a validity it never has been."""

    uid_validity: int | None
    last_uid: int


class AddressTaken(Exception):
    """Another gateway has this address."""


async def add(executor: Executor, one: Gateway) -> None:
    """Raises AddressTaken."""
    try:
        await executor.execute(_ADD, *_values(one), one.version, one.changed_by, one.changed_at)
    except asyncpg.UniqueViolationError:
        raise AddressTaken from None


async def change(executor: Executor, one: Gateway, expected: int | None) -> Gateway | None:
    """None if it is not of the version expected (None: whatever it is). Raises AddressTaken."""
    try:
        row = await executor.fetchrow(_CHANGE, *_values(one), expected, one.changed_by, one.changed_at)
    except asyncpg.UniqueViolationError:
        raise AddressTaken from None
    return _gateway(row) if row else None


async def remove(executor: Executor, gateway: UUID) -> bool:
    return bool(await executor.fetchval("delete from mail_gateways where id = $1 returning true", gateway))


async def find(executor: Executor, gateway: UUID) -> Gateway | None:
    row = await executor.fetchrow(f"{_SELECT} where id = $1", gateway)
    return _gateway(row) if row else None


async def at(executor: Executor, address: str) -> Gateway | None:
    """The gateway of an address as servers write it, with or without what comes after a plus."""
    local, _, domain = address.lower().rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    row = await executor.fetchrow(
        f"{_SELECT} where address = any($1) order by address = $2 desc limit 1",
        [address.lower(), plain],
        address.lower(),
    )
    return _gateway(row) if row else None


async def listed(executor: Executor) -> list[Gateway]:
    return [_gateway(row) for row in await executor.fetch(f"{_SELECT} order by address")]


async def addresses(executor: Executor) -> frozenset[str]:
    return frozenset(row["address"] for row in await executor.fetch("select address from mail_gateways"))


# --- reading mailboxes ----------------------------------------------------------------------------


async def place(executor: Executor, gateway: UUID) -> Place:
    row = await executor.fetchrow("select uid_validity, last_uid from mail_gateways where id = $1", gateway)
    return Place(row["uid_validity"], row["last_uid"]) if row else Place(None, 0)


async def advance(executor: Executor, gateway: UUID, to: Place) -> None:
    await executor.execute(
        "update mail_gateways set last_uid = case when uid_validity = $2 then greatest(last_uid, $3) else $3 end,"
        " uid_validity = $2 where id = $1",
        gateway,
        to.uid_validity,
        to.last_uid,
    )


async def note_read(executor: Executor, gateway: UUID) -> None:
    await executor.execute(
        "update mail_gateways set read_at = clock_timestamp(), failing_since = null, last_error = null where id = $1",
        gateway,
    )


async def note_failure(executor: Executor, gateway: UUID, error: str) -> None:
    """`error` holds nothing that a server said: it may repeat what it was told."""
    await executor.execute(
        "update mail_gateways set failing_since = coalesce(failing_since, clock_timestamp()), last_error = $2"
        " where id = $1",
        gateway,
        error,
    )


def _values(one: Gateway) -> Sequence[object]:
    return (
        one.id,
        one.address,
        one.category_id,
        one.project_id,
        one.language,
        one.enabled,
        one.authserv_id,
        one.answers_strangers,
        one.imap_host,
        one.imap_port,
        one.imap_security,
        one.imap_user,
        one.imap_folder,
        one.imap_password,
    )


def _gateway(row: asyncpg.Record) -> Gateway:
    return Gateway(**{name: row[name] for name in Gateway.__slots__})


_SELECT = "select * from mail_gateways"
_ADD = """
insert into mail_gateways (id, address, category_id, project_id, language, enabled, authserv_id, answers_strangers,
                           imap_host, imap_port, imap_security, imap_user, imap_folder, imap_password, version,
                           changed_by, changed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""
# Another mailbox is read from its own beginning.
_CHANGE = """
update mail_gateways
   set address = $2, category_id = $3, project_id = $4, language = $5, enabled = $6, authserv_id = $7,
       answers_strangers = $8, imap_host = $9, imap_port = $10, imap_security = $11, imap_user = $12, imap_folder = $13,
       imap_password = $14,
       uid_validity = case when (imap_host, imap_user, imap_folder) is not distinct from ($9, $12, $13)
                           then uid_validity end,
       failing_since = null, last_error = null, version = version + 1, changed_by = $16, changed_at = $17
 where id = $1 and ($15::integer is null or version = $15)
returning *
"""
