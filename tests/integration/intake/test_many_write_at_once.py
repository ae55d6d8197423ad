"""An outage that everybody writes to the same ticket about: all of it is taken, nobody is sent away."""

import asyncio
from collections import Counter

from tests.integration.intake.conftest import World

MANY = 60


async def test_clients_and_staff_write_to_one_ticket_at_once(world: World) -> None:
    ticket = await world.submit()
    answers = await asyncio.gather(
        *(world.act(ticket, "replies", world.client(), text=f"reply {number}") for number in range(MANY)),
        *(world.act(ticket, "notes", world.staff(world.ann), text=f"note {number}") for number in range(MANY)),
    )
    assert Counter(answer.is_success for answer in answers) == {True: 2 * MANY}, {answer.text for answer in answers}
    told = Counter(await world.events(ticket))
    assert (told["replied"], told["noted"]) == (MANY, MANY), told
