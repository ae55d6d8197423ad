"""Tickets that close by themselves, on the database's clock."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.infrastructure.cast import until
from tests.integration.intake.conftest import Stage, World

SOON = {"auto_close_seconds": 0.4, "auto_close_warning_seconds": 0.2}
IN_AN_HOUR = {"auto_close_seconds": 3600, "auto_close_warning_seconds": 60}


def seconds_after_the_answer(told: list[dict[str, Any]], name: str) -> float:
    times = {event["type"].split(".")[1]: datetime.fromisoformat(event["time"]) for event in told}
    passed: timedelta = times[name] - times["answered"]
    return passed.total_seconds()


async def test_warning_and_closing_are_told_once_and_at_their_own_instants(stage: Stage) -> None:
    async with stage.intake(**SOON) as world:
        ticket = await world.submit()
        await world.answer(ticket)
        await until(world.has_event, ticket, "closed")
        assert await world.events(ticket) == [
            *("opened", "blocked", "answered", "unblocked"),
            *("auto_close_warned", "closed"),
        ]
        told = await world.told(ticket)
        assert seconds_after_the_answer(told, "auto_close_warned") == 0.2
        assert seconds_after_the_answer(told, "closed") == 0.4
        assert (told[-1]["data"], told[-1]["actor"]) == ({"reason": "no_answer"}, "service:intake")
        closes_at = told[-2]["data"]["closes_at"]
        assert datetime.fromisoformat(closes_at) == datetime.fromisoformat(told[-1]["time"])


async def test_what_fell_due_while_intake_was_away_is_told_when_it_is_back(stage: Stage) -> None:
    async with stage.intake(auto_close_seconds=2, auto_close_warning_seconds=1.5) as world:
        ticket = await world.submit()
        await world.answer(ticket)
    async with stage.intake(auto_close_seconds=2, auto_close_warning_seconds=1.5):
        await until(world.has_event, ticket, "closed")
        told = await world.told(ticket)
        assert seconds_after_the_answer(told, "auto_close_warned") == 0.5
        assert seconds_after_the_answer(told, "closed") == 2


async def test_a_message_of_the_client_s_keeps_the_ticket_open(stage: Stage) -> None:
    async with stage.intake(**IN_AN_HOUR) as world:
        ticket = await world.submit()
        await world.answer(ticket)
        assert await due_in(world, ticket) == 3540
        await world.act(ticket, "replies", world.client(), text="Wait")
        assert await due_in(world, ticket) is None


async def test_switching_it_on_and_off_counts_for_the_tickets_that_are_there(stage: Stage) -> None:
    async with stage.intake() as world:
        ticket, waiting = await world.submit(), await world.submit()
        await world.answer(ticket)
        assert await due_in(world, ticket) is None
    async with stage.intake(**IN_AN_HOUR):
        await until(_is_due_in, world, ticket, 3540)
    async with stage.intake():
        await until(_is_due_in, world, ticket, None)
    async with stage.intake(**SOON):
        await until(world.has_event, ticket, "closed")
        assert "closed" not in await world.events(waiting)


async def due_in(world: World, ticket: UUID) -> float | None:
    """Seconds from the answer to what comes by time."""
    due_at = await world.database.fetchval("select due_at from entities where id = $1", ticket)
    if due_at is None:
        return None
    answered = await world.database.fetchval(
        "select time from log where entity = $1 and type = 'ticket.answered.v1'", ticket
    )
    return float((due_at - answered).total_seconds())


async def _is_due_in(world: World, ticket: UUID, seconds: float | None) -> bool:
    return await due_in(world, ticket) == seconds
