"""Who may call: FastAPI dependencies over `Authorization: Bearer …`, the only place tokens arrive.

All dependencies are coroutines, as FastAPI would send plain functions to a thread, and flat ones without
declared headers, as each node of its dependency tree costs a request 12 µs and each header 20.
"""

import hmac
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Annotated, Protocol, TypeAlias, TypeVar
from uuid import UUID

from fastapi import Depends
from starlette.requests import HTTPConnection

from libs.service.caller import LOG_READ, OPERATE, Caller, CallerKind, service_caller
from libs.service.context import note_caller
from libs.service.problems import Forbidden, Unauthenticated
from libs.service.rights import Right, Staff
from libs.service.tokens import KeyRing, issue, public_jwk

__all__ = [
    "LOG_READ",
    "OPERATE",
    "Authenticator",
    "Caller",
    "CallerKind",
    "CurrentCaller",
    "CurrentStaff",
    "KeyRing",
    "guard",
    "identified",
    "is_guard",
    "issue",
    "public_jwk",
    "require",
    "require_administrator",
    "require_caller",
    "require_right",
    "require_staff",
    "require_system",
    "service_caller",
    "while_good",
]


T = TypeVar("T")
D = TypeVar("D", bound=Callable[..., object])
Guard: TypeAlias = Callable[[HTTPConnection], Awaitable[Caller]]
_CALLER = "helpdesk.caller"
_guards: set[Callable[..., object]] = set()


def guard(dependency: D) -> D:
    """Mark a dependency that lets nobody unknown in; routes without one must be declared public."""
    _guards.add(dependency)
    return dependency


def is_guard(dependency: Callable[..., object] | None) -> bool:
    return dependency in _guards


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
            return service_caller("peer", LOG_READ, OPERATE)
        return self.key_ring.verify(token)


def identified(connection: HTTPConnection) -> Caller:
    """Answer who calls, found out once a request; Unauthenticated if nobody known."""
    known: Caller | None = connection.scope.get(_CALLER)
    if known is None:
        authenticator: Authenticator = connection.app.state.authenticator
        known = authenticator.identify(connection.headers.get("authorization"))
        connection.scope[_CALLER] = known
        note_caller(known.actor)
    return known


async def while_good(connection: HTTPConnection, texts: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """Pass on what is sent for as long as the caller's token is good: it expires, and its session may end before.

    A caller whose token is not good any more is sent nothing more.
    """
    authenticator: Authenticator = connection.app.state.authenticator
    async with aclosing(texts):
        async for text in texts:
            try:
                authenticator.identify(connection.headers.get("authorization"))
            except Unauthenticated:
                return
            yield text


@guard
async def require_caller(connection: HTTPConnection) -> Caller:
    """Let in whoever is known."""
    return identified(connection)


CurrentCaller = Annotated[Caller, Depends(require_caller)]


def require(*kinds: CallerKind, scope: str | None = None) -> Guard:
    """Let in these kinds of callers, and only with this scope if one is named."""

    @guard
    async def required(connection: HTTPConnection) -> Caller:
        caller = identified(connection)
        if kinds and caller.kind not in kinds:
            raise Forbidden
        if scope is not None and not caller.may(scope):
            raise Forbidden(scope=scope)
        return caller

    return required


def require_system(scope: str) -> Guard:
    """Let in systems and the suite's own services that hold this scope."""
    return require("system", "service", scope=scope)


# --- the staff's rights ---------------------------------------------------------------------------


class StaffDirectory(Protocol):
    """Knows the administrators' rights as they are now; the app's state has one as `staff`."""

    async def find(self, administrator: UUID) -> Staff | None: ...


async def staff_of(connection: HTTPConnection, caller: Caller) -> Staff:
    """The rights of an administrator who calls; Forbidden for whoever is none, or none any more."""
    directory: StaffDirectory = connection.app.state.staff
    found = await directory.find(caller.user_id) if caller.kind == "administrator" else None
    if found is None or not found.enabled:
        raise Forbidden
    return found


@guard
async def require_staff(connection: HTTPConnection) -> Staff:
    """Let in administrators."""
    return await staff_of(connection, identified(connection))


CurrentStaff = Annotated[Staff, Depends(require_staff)]


def require_right(right: Right, *, scope: str | None = None) -> Guard:
    """Let in administrators who have a general right, and systems that have the scope, if one is named."""
    return _required(scope, right)


def require_administrator(*, scope: str | None = None) -> Guard:
    """Let in every administrator, and systems that have the scope, if one is named."""
    return _required(scope, None)


def _required(scope: str | None, right: Right | None) -> Guard:
    @guard
    async def required(connection: HTTPConnection) -> Caller:
        caller = identified(connection)
        if caller.kind == "administrator":
            staff = await staff_of(connection, caller)
            if right is not None and not staff.may(right):
                raise Forbidden(right=right)
        elif scope is None or caller.kind == "client" or not caller.may(scope):
            raise Forbidden(scope=scope) if scope else Forbidden
        return caller

    return required
