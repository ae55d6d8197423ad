"""Who calls, and what they must not be shown."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from schemathesis import AuthContext, BaseSchema, Case

from tests.acceptance.access.cast import SCOPES, Actor
from tests.acceptance.access.world import World
from tests.acceptance.fuzz.marked import Marked

_PROVIDERS_OWN = ("attitude", "weight", "points", "breakdown", "deadline_at", "remaining_seconds", "department_id")
"""Members of answers that are the provider's own business."""


@dataclass(frozen=True)
class Caller:
    """An actor, the texts that must not come to them, and the members that no answer to them has."""

    actor: Actor
    hidden: frozenset[str]
    hidden_members: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.actor.name

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


async def callers(world: World, marked: Marked, *, everybody: bool) -> list[Caller]:
    """Those who say most, or everybody there is; the mightiest last, as they may do away with the others."""
    key = await world.things.owner.made("/api/accounts/api-keys", name="Everything", scopes=SCOPES)
    everything = await world.product.session(api_key=key["key"])
    system = Actor("a system with every scope", "system", everything)
    nobody = replace(world.actor("nobody"), name="nobody at all")
    found = [nobody, *(one for one in world.actors if everybody or one.name in _TELLING), system]
    return sorted((_caller(one, marked) for one in found), key=lambda one: _might(one.actor))


_TELLING = (
    "a client",
    "who acts as a client",
    "agent of A",
    "observer of B",
    "owner of B",
    "a system with tickets:submit",
)


def _might(actor: Actor) -> int:
    """Nobody, clients, systems and staff in the order of what they may do to each other."""
    role = actor.staff.role if actor.staff else ""
    order: Iterator[bool] = iter(
        (
            actor.kind == "nobody",
            actor.kind == "client",
            actor.kind == "system" and actor.scope is not None,
            role in {"observer", "agent"},
            actor.kind == "system",
            role == "manager",
        )
    )
    return next((place for place, is_it in enumerate(order) if is_it), 6)


def _caller(actor: Actor, marked: Marked) -> Caller:
    match actor.kind:
        case "client":
            others = marked.other if actor.is_own_account else marked.own
            hidden = others | marked.of_staff | marked.drafts
            return Caller(actor, frozenset(hidden), _PROVIDERS_OWN)
        case "administrator":
            return Caller(actor, frozenset(marked.drafts | (set() if _sees_a(actor) else marked.in_tickets)))
        case "system" if actor.scope in {None, "log:read", "tickets:read"}:
            return Caller(actor, frozenset(marked.drafts))
        case "system" if actor.scope and actor.scope.startswith(("people:", "routing:")):
            return Caller(actor, frozenset(marked.drafts | marked.in_tickets))
    return Caller(actor, frozenset(marked.all), _PROVIDERS_OWN)


def _sees_a(actor: Actor) -> bool:
    """Whether an administrator may read the tickets of department A."""
    return actor.name.endswith(("of A", "of A and more")) or actor.name == "owner of B" or "manager" in actor.name


def described(caller: Caller) -> dict[str, Any]:
    """As the check of schemathesis takes it."""
    return {"hidden": sorted(caller.hidden), "members": list(caller.hidden_members)}
