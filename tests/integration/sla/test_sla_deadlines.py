"""Deadlines, warnings and breaches over real logs, whoever is late."""

from tests.integration.sla.conftest import World


async def test_a_routed_ticket_gets_its_deadline_and_is_breached_at_it(world: World) -> None:
    department = await world.department()
    await world.set_target(department, 3600)
    ticket = await world.opened(department)
    await world.until_due(ticket, world.at(hours=1))
    world.move_to(world.at(hours=1, seconds=-1))
    await world.until_said(ticket, "deadline_warned")
    world.move_to(world.at(hours=3))
    await world.until_said(ticket, "deadline_breached")
    assert [(name, data.get("at")) for name, data in await world.said(ticket)] == [
        ("deadline_set", None),
        ("deadline_warned", "2026-01-05T09:48:00Z"),
        ("deadline_breached", "2026-01-05T10:00:00Z"),
    ]
