"""Callers, and somebody who signs tokens for them."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from libs.service.auth import Caller, KeyRing, issue, public_jwk
from libs.service.clock import ManualClock

Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
SYSTEM_KEY = "the key that services share"


@dataclass
class Issuer:
    """Whoever signs tokens, and a ring that trusts them."""

    clock: ManualClock = field(default_factory=ManualClock)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    kid: str = "first"

    def __post_init__(self) -> None:
        self.ring = KeyRing(self.clock)
        self.ring.add(public_jwk(self.key.public_key(), self.kid))

    def token(self, caller: Caller, *, ttl_seconds: float = 600, kid: str | None = None) -> str:
        return issue(
            caller,
            private_key=self.key,
            kid=kid or self.kid,
            now=self.clock.now(),
            ttl_seconds=ttl_seconds,
            jti="one",
        )

    def headers(self, caller: Caller) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(caller)}"}


CLIENT = Caller(
    kind="client",
    id="0199aaaa-0000-7000-8000-000000000001",
    account_id=UUID("0199aaaa-0000-7000-8000-0000000000aa"),
    scopes=frozenset({"tickets:write", "tickets:read"}),
    name="Zoë",
)
ADMINISTRATOR = Caller(kind="administrator", id="0199aaaa-0000-7000-8000-000000000002")
ACTING = Caller(kind="client", id=CLIENT.id, account_id=CLIENT.account_id, acting=ADMINISTRATOR.id)
SYSTEM = Caller(kind="system", id="key-7", scopes=frozenset({"log:read"}))
