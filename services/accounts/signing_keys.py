"""The keys that access tokens are signed with: the private parts in an own table, the public ones told by events."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic import SecretStr

from libs.events.catalogue.accounts import SigningKeyAdded, SigningKeyRetired
from libs.events.commands import Decision, execute, in_transaction
from libs.events.envelope import Cause
from libs.events.log import Executor, Log, NewEvent
from libs.events.waiting import wait_any
from libs.service.caller import Caller
from libs.service.clock import Clock
from libs.service.context import current_correlation
from libs.service.ids import Ids
from libs.service.tokens import KeyRing, issue, public_jwk
from services.accounts.domain.signing_keys import Rotation, SigningKey, signer, useless, waiting
from services.accounts.store import keys as store
from services.accounts.transactions import alone

logger = structlog.get_logger()

KIND = "signing_key"
POLL_SECONDS = 1.0
_ALONE = "signing keys"


class LockedKey(Exception):
    """HELPDESK_SIGNING_KEY_PASSWORD does not open the signing keys in the database."""

    def __str__(self) -> str:
        return str(self.__doc__)


class SigningKeys:
    """Knows the keys as the table has them: all of them verify, and the newest signs that everybody has heard of."""

    name = "signing-keys"

    def __init__(
        self, log: Log, ring: KeyRing, clock: Clock, password: SecretStr | None, ids: Ids, rotation: Rotation
    ) -> None:
        self.jwks: list[dict[str, Any]] = []
        """The public parts, as RFC 7517 writes a set of keys."""
        self.known: list[SigningKey] = []
        self._log = log
        self._ring = ring
        self._clock = clock
        self._password = password.get_secret_value().encode() if password else None
        self._ids = ids
        self._rotation = rotation
        self._private: Mapping[str, Ed25519PrivateKey] = {}

    async def ensure(self) -> None:
        """Have a key to sign with; of several replicas that start at once, one makes it."""
        if not await store.private_keys(self._log.pool):
            await in_transaction(self._log, self._make_first)
        await self.refresh()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow what other replicas do to the keys, and do what time asks for."""
        while not stop.is_set():
            try:
                await self.refresh()
                await self.keep_up()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                logger.warning("signing_keys_unread", error=repr(error))
            await wait_any(POLL_SECONDS, stop)

    async def refresh(self) -> None:
        rows = await store.private_keys(self._log.pool)
        known = [row.key for row in rows]
        if not known or known == self.known:
            return
        self._private = {row.key.id: self._read(row.pem) for row in rows}
        self.jwks = [public_jwk(private.public_key(), key_id) for key_id, private in self._private.items()]
        for key_id in self._ring.kids - self._private.keys():
            self._ring.retire(key_id)
        for jwk in self.jwks:
            self._ring.add(jwk)
        self.known = known

    def sign(self, caller: Caller, now: datetime, ttl_seconds: float) -> str:
        """Answer an access token."""
        key = signer(self.known, now)
        return issue(
            caller,
            private_key=self._private[key.id],
            kid=key.id,
            now=now,
            ttl_seconds=ttl_seconds,
            jti=str(self._ids()),
        )

    # --- rotation ----------------------------------------------------------------------------
    async def rotate(self, cause: Cause) -> SigningKey:
        """Tell a new key, which signs after a while; or answer the one that waits for that already."""

        async def work(connection: Executor) -> SigningKey:
            keys = await self._held(connection)
            return waiting(keys, self._clock.now()) or await self._make(connection, cause, is_first=not keys)

        await self.refresh()  # LockedKey, rather than a key that the others could not read
        made = await in_transaction(self._log, work)
        await self.refresh()
        return made

    async def keep_up(self) -> None:
        """Rotate a key that is too old, and retire those of which no token can be good any more."""
        now = self._clock.now()
        if self.known and (self._rotation.is_due(self.known, now) or useless(self.known, now)):
            await in_transaction(self._log, self._keep_up)
            await self.refresh()

    async def _keep_up(self, connection: Executor) -> None:
        keys, now = await self._held(connection), self._clock.now()
        cause = Cause(actor=f"service:{self._log.service}", correlation=current_correlation())
        if self._rotation.is_due(keys, now):
            await self._make(connection, cause)
        for key in useless(keys, now):
            await self._retire(connection, key, cause)

    async def _held(self, connection: Executor) -> list[SigningKey]:
        """The keys; nobody else changes them until the transaction ends."""
        await alone(connection, _ALONE)
        return [row.key for row in await store.private_keys(connection)]

    async def _make_first(self, connection: Executor) -> None:
        if not await self._held(connection):
            cause = Cause(actor=f"service:{self._log.service}", correlation=current_correlation())
            await self._make(connection, cause, is_first=True)

    async def _make(self, connection: Executor, cause: Cause, *, is_first: bool = False) -> SigningKey:
        entity, private_key, now = self._ids(), Ed25519PrivateKey.generate(), self._clock.now()
        made = SigningKey(str(entity), now, now if is_first else now + self._rotation.wait)
        added = SigningKeyAdded(key_id=made.id, public_key=public_jwk(private_key.public_key(), made.id)["x"])
        decision = Decision([NewEvent(added)], orjson.dumps(added.model_dump(mode="json")))
        await store.add_private_key(connection, made, self._write(private_key))
        await execute(self._log, entity, KIND, lambda _: decision, cause, executor=connection)
        logger.info("signing_key_added", key_id=made.id, signs_from=made.signs_from.isoformat())
        return made

    async def _retire(self, connection: Executor, key: SigningKey, cause: Cause) -> None:
        decision = Decision([NewEvent(SigningKeyRetired(key_id=key.id))], b'{"retired":true}')
        await store.delete_private_key(connection, key.id)
        await execute(self._log, UUID(key.id), KIND, lambda _: decision, cause, executor=connection)
        logger.info("signing_key_retired", key_id=key.id)

    # --- at rest -----------------------------------------------------------------------------
    def _write(self, private_key: Ed25519PrivateKey) -> str:
        protection: KeySerializationEncryption = (
            BestAvailableEncryption(self._password) if self._password else NoEncryption()
        )
        return private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection).decode()

    def _read(self, pem: str) -> Ed25519PrivateKey:
        """Answer the key, also one that was written before there was a password."""
        password = self._password if "ENCRYPTED" in pem else None
        try:
            private_key = load_pem_private_key(pem.encode(), password)
        except (ValueError, TypeError) as error:
            raise LockedKey from error
        assert isinstance(private_key, Ed25519PrivateKey)
        return private_key
