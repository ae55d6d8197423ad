"""What was hidden from a caller until somebody's request moved the ticket to where they may read it."""

import re
from collections.abc import Mapping
from uuid import UUID

from libs.service.rights import Right
from tests.acceptance.access.world import World
from tests.acceptance.fuzz.callers import Caller
from tests.acceptance.fuzz.campaign import Outcome
from tests.acceptance.fuzz.leaks import NothingLeaks
from tests.acceptance.fuzz.marked import Marked

_TEXT = re.compile(r"'([^']+)'")


async def forgive_what_moved(outcome: Outcome, caller: Caller, world: World, marked: Marked) -> None:
    """Take out what was no leak by the table of rights, as the owner sees where the tickets are now."""
    for key in [key for key in outcome.wrong if key[1] == NothingLeaks.__name__]:
        tickets = {marked.ticket_of.get(text) for text in _TEXT.findall(key[2])}
        if tickets and all([await _may_read(caller, ticket, world) for ticket in tickets]):
            outcome.forgive(key)


async def _may_read(caller: Caller, ticket: str | None, world: World) -> bool:
    if ticket is None or caller.actor.staff is None:
        return False
    answer = await world.things.owner.get(f"/api/query/tickets/{ticket}")
    if not answer.is_success:
        return False
    shown = answer.json()
    return Right.READ in caller.actor.staff.on_ticket(_id(shown["department"]), _id(shown["responsible"]))


def _id(named: Mapping[str, str] | None) -> UUID | None:
    return UUID(named["id"]) if named else None
