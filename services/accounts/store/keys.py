"""Secrets of systems' keys, and the private keys of access tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from libs.events.log import Executor
from services.accounts.domain.signing_keys import SigningKey


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key with its private part, PEM."""

    key: SigningKey
    pem: str


async def add_secret(executor: Executor, key: UUID, secret_hash: bytes) -> None:
    await executor.execute("insert into api_keys (id, secret_hash) values ($1, $2)", key, secret_hash)


async def secret_hash_of(pool: asyncpg.Pool, key: UUID) -> bytes | None:
    """Answer the hash of a key's secret; None when it was revoked or never was."""
    found: bytes | None = await pool.fetchval("select secret_hash from api_keys where id = $1", key)
    return found


async def forget_secret(executor: Executor, key: UUID) -> None:
    await executor.execute("update api_keys set secret_hash = null where id = $1", key)


async def note_use(executor: Executor, key: UUID, now: datetime) -> None:
    """Keep when a key was used, unless something of the last hour is kept already."""
    await executor.execute(_NOTE_USE, key, now)


async def last_uses(executor: Executor, keys: Sequence[UUID]) -> dict[UUID, datetime]:
    """Answer when keys were used last, to the hour; what was never used is left out."""
    rows = await executor.fetch("select id, used_at from api_keys where id = any($1) and used_at is not null", keys)
    return {row["id"]: row["used_at"] for row in rows}


async def add_private_key(executor: Executor, key: SigningKey, pem: str) -> None:
    await executor.execute(
        "insert into private_keys (key_id, made_at, signs_from, pem) values ($1, $2, $3, $4)",
        key.id,
        key.made_at,
        key.signs_from,
        pem,
    )


async def private_keys(executor: Executor) -> list[PrivateKey]:
    """Answer the keys in the order in which they sign."""
    rows = await executor.fetch("select key_id, made_at, signs_from, pem from private_keys order by signs_from, key_id")
    return [PrivateKey(SigningKey(row["key_id"], row["made_at"], row["signs_from"]), row["pem"]) for row in rows]


async def delete_private_key(executor: Executor, key_id: str) -> None:
    await executor.execute("delete from private_keys where key_id = $1", key_id)


_NOTE_USE = """
update api_keys set used_at = $2 where id = $1 and (used_at is null or used_at <= $2::timestamptz - interval '1 hour')
"""
