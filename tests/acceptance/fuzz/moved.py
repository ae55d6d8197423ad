"""What was hidden until a request moved the ticket to where its reader may read it, or a right hides from nobody."""

import re
from datetime import UTC, datetime
from uuid import UUID

from libs.service.rights import Right
from tests.acceptance.access.world import World
from tests.acceptance.fuzz.callers import Caller
from tests.acceptance.fuzz.campaign import Outcome
from tests.acceptance.fuzz.leaks import NothingLeaks
from tests.acceptance.fuzz.marked import Marked
from tests.infrastructure.product import listed

_TEXT = re.compile(r"'([^']+)'")
_WHEREVER_THEY_ARE = "GET /api/query/accounts/{account_id}/export"
"""Who manages people hands out all that is kept of somebody, wherever the tickets are."""
_PLACE = ("department_id", "responsible_id")


async def forgive_what_moved(outcome: Outcome, caller: Caller, world: World, marked: Marked, since: datetime) -> None:
    """Take out what was no leak by the table of rights, as the owner sees where the tickets have been since then."""
    for key in [key for key in outcome.wrong if key[1] == NothingLeaks.__name__]:
        tickets = {marked.ticket_of.get(text) for text in _TEXT.findall(key[2])}
        if tickets and all([await _may_read(caller, ticket, world, key[0], since) for ticket in tickets]):
            outcome.forgive(key)


async def _may_read(caller: Caller, ticket: str | None, world: World, operation: str, since: datetime) -> bool:
    staff = caller.actor.staff
    if ticket is None or staff is None:
        return False
    if operation == _WHEREVER_THEY_ARE:
        return Right.MANAGE_PEOPLE in staff.general
    places = await _places(ticket, world)
    ends = [*(at for at, *_ in places[1:]), datetime.max.replace(tzinfo=UTC)]
    been = [place for (_, *place), end in zip(places, ends, strict=False) if end > since]
    return any(Right.READ in staff.on_ticket(*place) for place in been)


async def _places(ticket: str, world: World) -> list[tuple[datetime, UUID | None, UUID | None]]:
    """Since when it has been where, and whose, from its first department on."""
    owner = world.things.owner
    if not (await owner.get(f"/api/query/tickets/{ticket}")).is_success:  # it has been deleted
        return []
    place: dict[str, UUID | None] = dict.fromkeys(_PLACE)
    places: list[tuple[datetime, UUID | None, UUID | None]] = []
    for entry in await listed(owner, f"query/tickets/{ticket}/history"):
        moved = {name: change["to"] for name, change in entry["changes"].items() if name in _PLACE}
        place |= {name: UUID(to) if to else None for name, to in moved.items()}
        if moved and place["department_id"]:
            places.append((datetime.fromisoformat(entry["at"]), place["department_id"], place["responsible_id"]))
    return places
