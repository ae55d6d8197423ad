"""Who may call: FastAPI dependencies over `Authorization: Bearer …`, the only place tokens arrive.

All dependencies are coroutines: FastAPI would send plain functions to a thread each time.
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from libs.service.caller import LOG_READ, Caller, CallerKind, service_caller
from libs.service.context import note_caller
from libs.service.problems import Forbidden, Unauthenticated
from libs.service.tokens import KeyRing, issue, public_jwk

__all__ = [
    "LOG_READ",
    "Authenticator",
    "Caller",
    "CallerKind",
    "CurrentCaller",
    "KeyRing",
    "issue",
    "public_jwk",
    "require",
    "require_caller",
    "require_system",
    "service_caller",
]


class Authenticator:
    """Knows a caller by a user's or system's token, or by the key the suite's services share."""

    def __init__(self, key_ring: KeyRing, system_key: str) -> None:
        self.key_ring = key_ring
        self._system_key = system_key.encode()

    def identify(self, authorization: str | None) -> Caller:
        if authorization is None:
            raise Unauthenticated
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        if hmac.compare_digest(token.encode(), self._system_key):
            return service_caller("peer", LOG_READ)
        return self.key_ring.verify(token)


async def require_caller(connection: HTTPConnection) -> Caller:
    """Let in whoever is known."""
    authenticator: Authenticator = connection.app.state.authenticator
    caller = authenticator.identify(connection.headers.get("authorization"))
    note_caller(caller.actor)
    return caller


CurrentCaller = Annotated[Caller, Depends(require_caller)]


def require(*kinds: CallerKind, scope: str | None = None) -> Callable[[HTTPConnection], Awaitable[Caller]]:
    """Let in these kinds of callers, and only with this scope if one is named."""

    async def required(connection: HTTPConnection) -> Caller:
        caller = await require_caller(connection)
        if kinds and caller.kind not in kinds:
            raise Forbidden
        if scope is not None and not caller.may(scope):
            raise Forbidden(scope=scope)
        return caller

    return required


def require_system(scope: str) -> Callable[[HTTPConnection], Awaitable[Caller]]:
    """Let in systems and the suite's own services that hold this scope."""
    return require("system", "service", scope=scope)
