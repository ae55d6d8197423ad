"""Deadlines, warnings and breaches over real logs, whoever is late."""

from datetime import datetime
from uuid import uuid4

import orjson
import pytest

from libs.events.catalogue import CATALOGUE
from libs.events.catalogue.intake import StrangerWrote, TicketAnswered, TicketRouted
from libs.events.log import Change, NewEvent
from services.sla import deadlines
from services.sla.domain.ticket import Said, evolve
from tests.infrastructure.players import CAUSE
from tests.infrastructure.unheeded import made_of_events
from tests.integration.sla.conftest import World, answered

BERLIN_DAYS = {"time_zone": "Europe/Berlin", "weekly": {"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}}


async def test_a_routed_ticket_gets_its_deadline_and_is_breached_at_it(world: World) -> None:
    department = await world.department()
    await world.set_target(department, 3600)
    ticket = await world.opened(department)
    await world.until_due(ticket, world.at(hours=1))
    world.move_to(world.at(hours=3))
    await world.until_said(ticket, "deadline_breached")
    assert [(name, data.get("at")) for name, data in await world.said(ticket)] == [
        ("deadline_set", None),
        ("deadline_warned", "2026-01-05T09:48:00Z"),
        ("deadline_breached", "2026-01-05T10:00:00Z"),
    ]
    times = await world.database.fetch("select time from log where entity = $1 order by version", ticket)
    assert [row["time"] for row in times] == [world.at(), world.at(minutes=48), world.at(hours=1)]


async def test_a_reply_that_arrives_late_leaves_no_false_breach(world: World) -> None:
    """Intake writes the answer before the deadline, and is cut off before it can tell anybody."""
    department = await world.department()
    await world.set_target(department, 3600)
    ticket = await world.opened(department)
    await world.until_due(ticket, world.at(hours=1))
    world.move_to(world.at(minutes=59))
    await world.until_said(ticket, "deadline_warned")
    await world.cast.stop("intake")
    async with world.log_of("intake") as log:
        await log.append([Change(ticket, "ticket", 2, [NewEvent(answered())], b"{}")], CAUSE, world.clock.now())
    world.move_to(world.at(hours=2))
    await world.looked_twice()
    assert "deadline_breached" not in await world.types(ticket)
    await world.cast.start("intake")
    await world.known_up_to_now()
    assert await world.types(ticket) == ["deadline_set", "deadline_warned"]


async def test_a_wait_that_begins_as_another_one_ends_has_a_deadline_of_its_own(world: World) -> None:
    """Asked, answered and asked again at the same instant: the first wait took no time, and the second one goes on."""
    department = await world.department()
    await world.set_target(department, 3600)
    at_once, later = await world.opened(department), await world.opened(department)
    for ticket in (at_once, later):
        await world.answer(ticket)
    await world.reply(at_once)
    await world.caught_up()
    await world.reply(later)
    world.move_to(world.at(hours=2))
    for ticket in (at_once, later):
        await world.until_said(ticket, "deadline_breached")
        assert await world.types(ticket) == ["deadline_set", "deadline_warned", "deadline_breached"]


async def test_a_commit_that_takes_long_leaves_no_false_breach(world: World) -> None:
    """The answer is written just before the deadline, and its transaction ends long after it."""
    department = await world.department()
    await world.set_target(department, 3600)
    ticket = await world.opened(department)
    world.move_to(world.at(minutes=59))
    await world.until_said(ticket, "deadline_warned")
    async with world.intake.log.pool.acquire() as connection, connection.transaction():
        change = Change(ticket, "ticket", 2, [NewEvent(answered())], b"{}")
        await world.intake.log.append([change], CAUSE, world.clock.now(), executor=connection)
        world.move_to(world.at(hours=2))
    await world.known_up_to_now()
    assert await world.types(ticket) == ["deadline_set", "deadline_warned"]


async def test_an_answer_exactly_at_the_deadline_is_in_time_and_one_just_after_it_is_not(world: World) -> None:
    department = await world.department()
    await world.set_target(department, 3600)
    in_time, late = await world.opened(department), await world.opened(department)
    world.move_to(world.at(hours=1))
    await world.answer(in_time)
    world.move_to(world.at(hours=1, milliseconds=1))
    await world.answer(late)
    world.move_to(world.at(hours=2))
    await world.until_said(late, "deadline_breached")
    await world.known_up_to_now()
    assert "deadline_breached" not in await world.types(in_time)
    assert (await world.said(late))[-1][1]["at"] == "2026-01-05T10:00:00Z"


async def test_a_ticket_that_was_answered_before_it_had_a_department_has_a_deadline_all_the_same(world: World) -> None:
    department = await world.department()
    await world.set_target(department, 3600)
    ticket = await world.opened()
    world.move_to(world.at(minutes=5))
    await world.answer(ticket)
    await world.known_up_to_now()
    world.move_to(world.at(minutes=6))
    await world.transfer(ticket, department)
    await world.until_due(ticket, world.at(hours=1))
    world.move_to(world.at(hours=2))
    await world.known_up_to_now()
    assert await world.types(ticket) == ["deadline_set"]


async def test_a_change_of_the_target_judges_all_waiting_tickets_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "LIMIT", 2)
    department, other = await world.department(), await world.department()
    await world.set_target(department, 3600)
    waiting = [await world.opened(department) for _ in range(5)]
    done, elsewhere = await world.opened(department), await world.opened(other)
    await world.answer(done)
    await world.caught_up()
    before = len(await world.types(done))
    world.move_to(world.at(minutes=10))
    await world.set_target(department, 7200)
    for ticket in waiting:
        await world.until_due(ticket, world.at(hours=2))
        assert (await world.said(ticket))[-1][1]["used_seconds"] == 600
    assert len(await world.types(done)) == before
    assert await world.due(elsewhere) is None


async def test_a_change_of_hours_keeps_the_time_used(world: World) -> None:
    department, ticket = await world.department(), uuid4()
    await world.set_target(department, 4 * 3600)
    await world.set_hours(department, BERLIN_DAYS)
    ticket = await world.opened(department)
    await world.until_due(ticket, datetime.fromisoformat("2026-01-05T14:00+01:00"))
    world.move_to(world.at(hours=3))
    shorter = {**BERLIN_DAYS, "weekly": {"mon": [["09:00", "13:00"]], "tue": [["09:00", "13:00"]]}}
    await world.set_hours(department, shorter)
    await world.until_due(ticket, datetime.fromisoformat("2026-01-06T10:00+01:00"))
    name, data = (await world.said(ticket))[-1]
    assert (name, data["calendar_version"], data["used_seconds"]) == ("deadline_set", 2, 3 * 3600)


async def test_a_transfer_takes_the_ticket_to_the_other_departments_target(world: World) -> None:
    first, second = await world.department(), await world.department()
    await world.set_target(first, 3600)
    await world.set_target(second, 7200)
    ticket = await world.opened(first)
    world.move_to(world.at(minutes=30))
    await world.transfer(ticket, second)
    await world.until_due(ticket, world.at(hours=2))


async def test_a_rule_that_moves_a_ticket_moves_its_deadline_as_a_person_does(world: World) -> None:
    first, second = await world.department(), await world.department()
    await world.set_target(first, 3600)
    await world.set_target(second, 7200)
    ticket = await world.opened(first)
    world.move_to(world.at(minutes=30))
    await world.intake.tell(ticket, TicketRouted(department_id=second, decision_id=uuid4()))
    await world.until_due(ticket, world.at(hours=2))
    assert (await world.said(ticket))[-1][1]["used_seconds"] == 1800


async def test_a_new_wait_begins_with_nothing_used(world: World) -> None:
    department = await world.department()
    await world.set_target(department, 3600)
    ticket = await world.opened(department)
    world.move_to(world.at(minutes=30))
    await world.answer(ticket)
    world.move_to(world.at(hours=5))
    await world.reply(ticket)
    await world.until_due(ticket, world.at(hours=6))
    world.move_to(world.at(hours=7))
    await world.until_said(ticket, "deadline_breached")
    assert (await world.types(ticket)).count("deadline_breached") == 1


async def test_sla_that_was_away_says_at_which_instants_it_would_have_spoken(quiet_world: World) -> None:
    world = quiet_world
    async with world.running():
        await world.introduce()
        department = await world.department()
        await world.set_target(department, 3600)
    ticket = await world.opened()
    world.clock.advance(3)
    await world.intake.tell(ticket, TicketRouted(department_id=department, decision_id=uuid4()))
    answered_late, in_time = await world.opened(department), await world.opened(department)
    world.move_to(world.at(minutes=45))
    await world.answer(in_time)
    world.move_to(world.at(hours=4))
    await world.answer(answered_late)
    async with world.running():
        await world.until_said(ticket, "deadline_breached")
        assert (await world.said(ticket))[-1][1]["at"] == "2026-01-05T10:00:00Z"
        await world.until_said(answered_late, "deadline_breached")
        assert (await world.said(answered_late))[-1][1]["at"] == "2026-01-05T10:00:03Z"
        await world.known_up_to_now()
        assert await world.types(in_time) == ["deadline_set"]


async def test_a_restart_decides_nothing_twice_and_the_state_is_the_fold_of_the_log(quiet_world: World) -> None:
    world = quiet_world
    async with world.running():
        await world.introduce()
        department = await world.department()
        await world.set_target(department, 3600)
        tickets = [await world.opened(department) for _ in range(3)]
        world.move_to(world.at(minutes=5))  # nothing is said of a wait that is over at the instant of its beginning
        await world.answer(tickets[0])
        world.move_to(world.at(hours=2))
        for ticket in tickets[1:]:
            await world.until_said(ticket, "deadline_breached")
        before = await world.everything()
    async with world.running():
        await world.known_up_to_now()
        after = await world.everything()
        assert [row for row in before if row not in after] == []
        for ticket in tickets:
            await _assert_state_is_the_fold(world, ticket)
        assert [(await world.types(ticket)).count("deadline_breached") for ticket in tickets] == [0, 1, 1]


async def test_a_rebuilt_projection_is_the_live_one_and_nothing_is_said_again(world: World) -> None:
    department = await world.department()
    await world.set_target(department, 3600)
    ticket = await world.opened(department)
    world.move_to(world.at(minutes=5))
    await world.answer(ticket)
    await world.reply(ticket)
    await world.opened(department)
    await world.caught_up()
    kept, said = await world.kept(), await world.everything()
    response = await world.http.post("/api/sla/projection/rebuild", headers=world.headers())
    generation = response.json()["generation"]
    while await world.database.fetchval("select id from generation") != generation:
        pass
    assert await world.kept() == kept
    assert await world.everything() == said


async def test_a_crash_while_tickets_are_judged_again_leaves_none_out(
    quiet_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = quiet_world
    monkeypatch.setattr(deadlines, "LIMIT", 1)
    async with world.running():
        await world.introduce()
        department = await world.department()
        waiting = sorted([await world.opened(department) for _ in range(4)])
        await world.caught_up()
        await _break_after(world, monkeypatch, 2)
        await world.set_target(department, 3600)
        await world.until_due(waiting[1], world.at(hours=1))
        assert [await world.due(ticket) for ticket in waiting[2:]] == [None, None]
    monkeypatch.undo()
    async with world.running():
        for ticket in waiting:
            await world.until_due(ticket, world.at(hours=1))
            assert await world.types(ticket) == ["deadline_set", "deadline_set"]


async def _break_after(world: World, monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    """The database is gone for whoever judges again, after so many batches."""
    judge_again, count = deadlines.Deadlines.judge_again, iter(range(batches))

    async def breaking(self: deadlines.Deadlines) -> bool:
        if await world.database.fetchval("select exists (select from rejudgements)") and next(count, None) is None:
            raise ConnectionError
        return await judge_again(self)

    monkeypatch.setattr(deadlines.Deadlines, "judge_again", breaking)


class Garbled(TicketAnswered):
    """An answer that cannot be read."""

    message_id: str  # type: ignore[assignment]  # that is what is wrong with it


async def test_while_a_tickets_event_is_parked_no_breach_is_said_of_it(world: World) -> None:
    department = await world.department()
    await world.set_target(department, 3600)
    poisoned, other = await world.opened(department), await world.opened(department)
    await world.intake.tell(poisoned, Garbled(message_id="?", author_id=uuid4(), text=""))
    await world.caught_up()
    world.move_to(world.at(hours=2))
    await world.until_said(other, "deadline_breached")
    assert await world.types(poisoned) == ["deadline_set"]


async def _assert_state_is_the_fold(world: World, ticket: object) -> None:
    rows = await world.database.fetch("select type, envelope from log where entity = $1 order by version", ticket)
    said = Said()
    for row in rows:
        said = evolve(said, CATALOGUE.model(row["type"]).model_validate(orjson.loads(row["envelope"])["data"]))
    state = await world.database.fetchval("select state from entities where id = $1", ticket)
    assert Said.model_validate_json(state) == said


async def test_a_mail_in_intake_s_log_waits_for_no_answer(world: World) -> None:
    department = await world.department()
    await world.set_target(department, 3600)
    await world.until_due(await world.opened(department), world.at(hours=1))
    await world.caught_up()
    before = await made_of_events(world.database)
    await world.intake.tell(uuid4(), StrangerWrote(gateway_id=uuid4()))
    await world.caught_up()
    assert await made_of_events(world.database) == before
