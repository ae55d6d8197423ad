"""The keys that access tokens are signed with: the private parts in an own table, the public ones told by events."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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

from libs.events.catalogue.accounts import SigningKeyAdded
from libs.events.commands import Decision, execute, in_transaction
from libs.events.envelope import Cause
from libs.events.log import Executor, Log, NewEvent
from libs.events.waiting import wait_any
from libs.service.caller import Caller
from libs.service.ids import Ids
from libs.service.tokens import KeyRing, issue, public_jwk
from services.accounts.store import keys as store
from services.accounts.transactions import alone

logger = structlog.get_logger()

KIND = "signing_key"
POLL_SECONDS = 1.0


class LockedKey(Exception):
    """HELPDESK_SIGNING_KEY_PASSWORD does not open the signing keys in the database."""

    def __str__(self) -> str:
        return str(self.__doc__)


@dataclass(frozen=True)
class _Signer:
    key_id: str
    private_key: Ed25519PrivateKey


class SigningKeys:
    """Knows the keys as the table has them: all of them verify, the newest signs."""

    name = "signing-keys"

    def __init__(self, log: Log, ring: KeyRing, password: SecretStr | None, ids: Ids) -> None:
        self.jwks: list[dict[str, Any]] = []
        """The public parts, as RFC 7517 writes a set of keys."""
        self._log = log
        self._ring = ring
        self._password = password.get_secret_value().encode() if password else None
        self._ids = ids
        self._signer: _Signer | None = None

    async def ensure(self, cause: Cause) -> None:
        """Have a key to sign with; of several replicas that start at once, one makes it."""
        if not await store.private_keys(self._log.pool):
            await in_transaction(self._log, lambda connection: self._make_first(connection, cause))
        await self.refresh()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow what other replicas do to the keys."""
        while not stop.is_set():
            try:
                await self.refresh()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                logger.warning("signing_keys_unread", error=repr(error))
            await wait_any(POLL_SECONDS, stop)

    async def refresh(self) -> None:
        known = await store.private_keys(self._log.pool)
        if not known or known.keys() == self._ring.kids:
            return
        signers = [_Signer(key_id, self._read(pem)) for key_id, pem in known.items()]
        self.jwks = [public_jwk(signer.private_key.public_key(), signer.key_id) for signer in signers]
        for key_id in self._ring.kids - known.keys():
            self._ring.retire(key_id)
        for jwk in self.jwks:
            self._ring.add(jwk)
        self._signer = signers[-1]

    def sign(self, caller: Caller, now: datetime, ttl_seconds: float) -> str:
        """Answer an access token."""
        assert self._signer is not None, "the first key is made at start"
        return issue(
            caller,
            private_key=self._signer.private_key,
            kid=self._signer.key_id,
            now=now,
            ttl_seconds=ttl_seconds,
            jti=str(self._ids()),
        )

    async def _make_first(self, connection: Executor, cause: Cause) -> None:
        await alone(connection, "first signing key")
        if await store.private_keys(connection):
            return
        entity, private_key = self._ids(), Ed25519PrivateKey.generate()
        key_id = str(entity)
        added = SigningKeyAdded(key_id=key_id, public_key=public_jwk(private_key.public_key(), key_id)["x"])
        decision = Decision([NewEvent(added)], orjson.dumps(added.model_dump(mode="json")))
        await store.add_private_key(connection, key_id, self._write(private_key))
        await execute(self._log, entity, KIND, lambda _: decision, cause, executor=connection)

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
