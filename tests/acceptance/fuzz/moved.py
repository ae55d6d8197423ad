"""What was hidden until a request moved the ticket to where its reader may read it, or a right hides from nobody."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from libs.service.rights import Right
from tests.acceptance.access.world import World
from tests.acceptance.fuzz.callers import Caller
from tests.acceptance.fuzz.campaign import Outcome
from tests.acceptance.fuzz.leaks import NothingLeaks
from tests.acceptance.fuzz.marked import Marked

_TEXT = re.compile(r"'([^']+)'")
_WHEREVER_THEY_ARE = "GET /api/query/accounts/{account_id}/export"
"""Who manages people hands out all that is kept of somebody, wherever the tickets are."""
_PLACE = ("department_id", "responsible_id")


async def forgive_what_moved(outcome: Outcome, caller: Caller, world: World, marked: Marked) -> None:
    """Take out what was no leak by the table of rights, as the owner sees where the tickets have been."""
    for key in [key for key in outcome.wrong if key[1] == NothingLeaks.__name__]:
        tickets = {marked.ticket_of.get(text) for text in _TEXT.findall(key[2])}
        if tickets and all([await _may_read(caller, ticket, world, key[0]) for ticket in tickets]):
            outcome.forgive(key)


async def _may_read(caller: Caller, ticket: str | None, world: World, operation: str) -> bool:
    staff = caller.actor.staff
    if ticket is None or staff is None:
        return False
    if operation == _WHEREVER_THEY_ARE:
        return Right.MANAGE_PEOPLE in staff.general
    return any([Right.READ in staff.on_ticket(*place) async for place in _places(ticket, world)])


async def _places(ticket: str, world: World) -> AsyncIterator[tuple[UUID | None, UUID | None]]:
    """Where it has been, and whose, since it first had a department: others may have moved it on since it was read."""
    place: dict[str, UUID | None] = dict.fromkeys(_PLACE)
    async for entry in _history(ticket, world):
        moved = {name: change["to"] for name, change in entry["changes"].items() if name in _PLACE}
        place |= {name: UUID(to) if to else None for name, to in moved.items()}
        if moved and place["department_id"]:
            yield place["department_id"], place["responsible_id"]


async def _history(ticket: str, world: World) -> AsyncIterator[dict[str, Any]]:
    page: dict[str, Any] = {"next_cursor": ""}
    while page["next_cursor"] is not None:
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
        answer = await world.things.owner.get(f"/api/query/tickets/{ticket}/history", **cursor)
        page = answer.json() if answer.is_success else {"items": [], "next_cursor": None}
        for entry in page["items"]:
            yield entry
