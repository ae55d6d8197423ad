"""The public keys that access tokens are checked with, as every service learns them: from accounts' events.

So a service checks tokens while accounts is down, and a rotated key needs no restart.
"""

import asyncio
from collections.abc import Sequence

import asyncpg
import structlog

from libs.events.applied import Applied
from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.accounts import SigningKeyAdded, SigningKeyRetired
from libs.events.envelope import Event
from libs.events.projection import LIVE, Connection
from libs.events.waiting import wait_any
from libs.service.tokens import KeyRing

logger = structlog.get_logger()

TYPES = {SigningKeyAdded.TYPE, SigningKeyRetired.TYPE}
ACCOUNTS = "accounts"
POLL_SECONDS = 1.0


async def fold(connection: Connection, events: Sequence[Event]) -> None:
    for event in events:
        if event.type in TYPES:
            await _fold(connection, CATALOGUE.read(event))


async def _fold(connection: Connection, data: object) -> None:
    if isinstance(data, SigningKeyAdded):
        await connection.execute(
            "insert into signing_keys (key_id, public_key) values ($1, $2) on conflict do nothing",
            data.key_id,
            data.public_key,
        )
    elif isinstance(data, SigningKeyRetired):
        await connection.execute("update signing_keys set retired = true where key_id = $1", data.key_id)


def jwk(key_id: str, public_key: str) -> dict[str, str]:
    """The key as RFC 8037 writes it."""
    return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key_id, "x": public_key}


class KeyKeeper:
    """Keeps a key ring as the live projection has it, also in a process whose consumer stands by."""

    name = "signing-keys"

    def __init__(self, pool: asyncpg.Pool, ring: KeyRing, applied: Applied, poll_seconds: float = POLL_SECONDS) -> None:
        self._pool = pool
        self._ring = ring
        self._applied = applied
        self._poll_seconds = poll_seconds

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.refresh()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                logger.warning("signing_keys_unread", error=repr(error))
            await self._next(stop)

    async def _next(self, stop: asyncio.Event) -> None:
        """Wait until accounts has told something, or for a while: another replica's consumer may be the active one."""
        deadline = asyncio.get_running_loop().time() + self._poll_seconds
        before = self._applied.cursors.get(ACCOUNTS)
        while not stop.is_set() and self._applied.cursors.get(ACCOUNTS) == before:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await wait_any(left, self._applied.changed, stop):
                return

    async def refresh(self) -> None:
        if await self._pool.fetchval("select to_regclass($1)", f"{LIVE}.signing_keys") is None:
            return
        rows = await self._pool.fetch("select key_id, public_key from signing_keys where not retired")
        known = {row["key_id"]: row["public_key"] for row in rows}
        for key_id in self._ring.kids - known.keys():
            self._ring.retire(key_id)
        for key_id in known.keys() - self._ring.kids:
            self._ring.add(jwk(key_id, known[key_id]))
