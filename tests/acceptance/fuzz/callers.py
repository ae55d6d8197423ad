"""Who calls, and what they must not be shown."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from schemathesis import AuthContext, BaseSchema, Case

from libs.service.rights import Right, Role
from tests.acceptance.access.cast import SCOPES, Actor, Place, Verdict
from tests.acceptance.access.table import Row
from tests.acceptance.access.world import World
from tests.acceptance.fuzz.marked import Marked

_PROVIDERS_OWN = ("attitude", "weight", "points", "breakdown", "deadline_at", "remaining_seconds", "department_id")
"""Members of answers that are the provider's own business."""


@dataclass(frozen=True)
class Caller:
    """An actor, the texts that must not come to them, and the members that no answer to them has.

    `department` is where the tickets are.
    """

    actor: Actor
    department: UUID
    hidden: frozenset[str]
    hidden_members: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.actor.name

    def sees(self, row: Row) -> bool:
        """Whether a route lets them in, if only to tell them that there is no such ticket."""
        if self.name == EVERYTHING:
            return bool(row.systems)
        return self.actor.expects(row, Place.DEPARTMENT, self.department) not in {Verdict.UNKNOWN, Verdict.FORBIDDEN}

    def authenticate(self, schema: BaseSchema, loop: asyncio.AbstractEventLoop) -> None:
        """Send their token with each request, and another one once it is not good any more: a request may end sessions."""
        if self.actor.kind != "nobody":
            schema.auth(refresh_interval=3600)(_provider(self.actor, loop))


def _provider(actor: Actor, loop: asyncio.AbstractEventLoop) -> type:
    class Provider:
        """Schemathesis makes one without arguments, in a thread of its own."""

        def get(self, _case: Case[Any], _context: AuthContext) -> str:
            if actor.again is None:
                return actor.who.token
            return asyncio.run_coroutine_threadsafe(_token(actor), loop).result()

        def set(self, case: Case[Any], token: str, _context: AuthContext) -> None:
            case.headers["Authorization"] = f"Bearer {token}"

    return Provider


async def _token(actor: Actor) -> str:
    assert actor.again is not None
    return (await actor.again()).token


NOBODY, EVERYTHING = "nobody at all", "a system with every scope"
_TELLING = (
    "a client",
    "who acts as a client",
    "agent of A",
    "observer of B",
    "owner of B",
    "a system with tickets:submit",
)


async def callers(world: World, marked: Marked, *, everybody: bool) -> list[Caller]:
    """Those who say most, or everybody there is; the mightiest last, as they may do away with the others."""
    key = await world.things.owner.made("/api/accounts/api-keys", name="Everything", scopes=SCOPES)
    everything = Actor(EVERYTHING, "system", await world.product.session(api_key=key["key"]))
    nobody = replace(world.actor("nobody"), name=NOBODY)
    found = [nobody, everything, *(one for one in world.actors if everybody or one.name in _TELLING)]
    return [_caller(one, marked, world.things.departments.a) for one in sorted(found, key=_might)]


def _might(actor: Actor) -> int:
    """Who may do nothing to others, to tickets, to people, to everybody."""
    role = actor.staff.role if actor.staff else None
    if role is Role.OWNER:
        return 3
    return 2 if role is Role.MANAGER or actor.name == EVERYTHING else int(role is not None)


def _caller(actor: Actor, marked: Marked, department: UUID) -> Caller:
    """Who sees what, by what the documentation promises them."""
    if actor.kind == "client":
        others = marked.other if actor.is_own_account else marked.own
        return Caller(actor, department, frozenset(others | marked.of_staff | marked.drafts), _PROVIDERS_OWN)
    if actor.staff is not None and actor.staff.enabled:
        sees_tickets = Right.READ in actor.staff.on_ticket(department, None)
    elif actor.name == EVERYTHING or actor.scope in {"log:read", "tickets:read"}:
        sees_tickets = True
    elif actor.scope is not None and actor.scope.startswith(("people:", "routing:")):
        sees_tickets = False
    else:
        return Caller(actor, department, frozenset(marked.all), _PROVIDERS_OWN)
    return Caller(actor, department, frozenset(marked.drafts | (set() if sees_tickets else marked.in_tickets)))


def described(caller: Caller) -> dict[str, Any]:
    """As the check of schemathesis takes it."""
    return {"hidden": sorted(caller.hidden), "members": list(caller.hidden_members)}
