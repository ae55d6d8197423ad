"""Secrets of systems' keys, and the private keys of access tokens."""

from uuid import UUID

import asyncpg

from libs.events.log import Executor


async def add_secret(executor: Executor, key: UUID, secret_hash: bytes) -> None:
    await executor.execute("insert into api_keys (id, secret_hash) values ($1, $2)", key, secret_hash)


async def secret_hash_of(pool: asyncpg.Pool, key: UUID) -> bytes | None:
    """Answer the hash of a key's secret; None when it was revoked or never was."""
    found: bytes | None = await pool.fetchval("select secret_hash from api_keys where id = $1", key)
    return found


async def forget_secret(executor: Executor, key: UUID) -> None:
    await executor.execute("delete from api_keys where id = $1", key)


async def add_private_key(executor: Executor, key_id: str, pem: str) -> None:
    await executor.execute("insert into private_keys (key_id, pem) values ($1, $2)", key_id, pem)


async def private_keys(executor: Executor) -> dict[str, str]:
    """Answer key id -> PEM, the newest last."""
    rows = await executor.fetch("select key_id, pem from private_keys order by made_at, key_id")
    return {row["key_id"]: row["pem"] for row in rows}
