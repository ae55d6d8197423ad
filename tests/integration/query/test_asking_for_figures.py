"""Figures over HTTP: what may be asked, whose they are, and that days are those of the zone."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.events.catalogue import intake
from libs.service.rights import Role
from services.query.api import figure_models
from tests.integration.query.query_world import World

KINDS = {
    "answers": figure_models.Answers,
    "closings": figure_models.Closings,
    "arrivals": figure_models.Arrivals,
    "open": figure_models.Open,
}
LISTS = {"answers/waits": figure_models.WaitPage, "closings/tickets": figure_models.ClosingPage}


async def answered(world: World, department: UUID, *, close: bool = True) -> UUID:
    """A ticket of a department that Ann has answered, and closed."""
    ticket = await world.open_ticket(subject="Mail")
    await world.place(ticket, department)
    tell, ann = world.players["intake"].tell, world.cause(f"user:{world.ann}")
    answer = intake.TicketAnswered(message_id=uuid4(), author_id=world.ann, text="Fixed")
    await tell(ticket, answer, cause=ann)
    if close:
        await tell(ticket, intake.TicketClosed(), cause=ann)
    return ticket


async def test_each_figure_has_its_groups_by_name(world: World) -> None:
    department = uuid4()
    await world.manned(department)
    await answered(world, department)
    await world.caught_up()
    for kind, model in KINDS.items():
        found = await world.found(f"figures/{kind}", group_by=["department", "day", "hour"], zone="Asia/Kathmandu")
        model.model_validate(found)
        assert found["zone"] == "Asia/Kathmandu"
    found = await world.found("figures/answers", group_by=["department", "administrator", "account"])
    (item,) = found["items"]
    assert item["department"] == {"id": str(department), "name": "Department"}
    assert item["administrator"] == {"id": str(world.ann), "name": "Ann"}
    assert item["account"] == {"id": str(world.account), "name": "Acme"}
    assert (item["answered"], item["without_deadline"], item["first_answers"]) == (1, 1, 1)
    assert item["waited_seconds"].keys() == {"p50", "p90", "p99"}
    assert item["late_by_seconds"] is None
    assert found["total"] == {name: value for name, value in item.items() if name in found["total"]}


async def test_what_is_behind_a_figure_is_listed_in_pages(world: World) -> None:
    department = uuid4()
    tickets = [str(await answered(world, department)) for _ in range(3)]
    await world.caught_up()
    for path, model in LISTS.items():
        first = await world.found(f"figures/{path}", limit=2, department_id=str(department))
        rest = await world.found(f"figures/{path}", limit=2, department_id=str(department), cursor=first["next_cursor"])
        model.model_validate(first)
        assert [item["ticket"]["id"] for item in (*first["items"], *rest["items"])] == tickets
        assert rest["next_cursor"] is None
        assert first["items"][0]["administrator"]["name"] == "Ann"
    assert (await world.found("figures/answers/waits", outcome="late"))["items"] == []
    assert len((await world.found("figures/answers/waits", outcome=["late", "without_deadline"]))["items"]) == 3


async def test_days_are_those_of_the_zone(world: World) -> None:
    await answered(world, uuid4())
    await world.caught_up()
    now = await world.players["intake"].log.now()
    for zone, ahead in (("Pacific/Kiritimati", 14), ("Etc/GMT+12", -12)):
        day = (now + timedelta(hours=ahead)).date()
        (item,) = (await world.found("figures/answers", group_by="day", zone=zone))["items"]
        assert item["day"] in {str(day), str(day - timedelta(days=1))}, "midnight may have passed meanwhile"


@pytest.mark.parametrize(
    "asked",
    [
        {"zone": "Mars/Base"},
        {"from": "2026-02-01", "to": "2026-01-01"},
        {"from": "2020-01-01", "to": "2026-01-01"},
        {"from": "1999-01-01"},
        {"group_by": ["day", "day"]},
        {"group_by": "colour"},
        {"hour": 24},
        {"weekday": 0},
        {"outcome": "late"},
        {"first": "2026-01-01"},
    ],
    ids=str,
)
async def test_what_cannot_be_counted_is_refused(world: World, asked: dict[str, Any]) -> None:
    for kind in KINDS:
        answer = await world.get(f"figures/{kind}", **asked)
        assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json"), answer.text


async def test_spans_may_be_given_by_half(world: World) -> None:
    today = (await world.players["intake"].log.now()).date()
    usual = await world.found("figures/answers")
    assert usual["from"] in {str(today - timedelta(days=29)), str(today - timedelta(days=28))}
    since = await world.found("figures/answers", None, **{"from": "2020-02-01"})
    assert (since["from"], since["to"]) == ("2020-02-01", "2023-02-04")
    until = await world.found("figures/answers", to="2020-03-01")
    assert (until["from"], until["to"]) == ("2020-02-01", "2020-03-01")


async def test_figures_are_of_the_departments_one_sees(world: World) -> None:
    own, other = uuid4(), uuid4()
    agent = await world.employ(own, role=Role.AGENT)
    await answered(world, own)
    await answered(world, other)
    moved = await answered(world, own, close=False)
    await world.place(moved, other)
    await world.caught_up()
    me = world.staff_as(agent)
    for kind, of_all, of_mine in (("answers", 3, 1), ("closings", 2, 1), ("arrivals", 3, 1), ("open", 1, 0)):
        name = {"answers": "answered", "closings": "closed", "arrivals": "tickets", "open": "open"}[kind]
        assert (await world.found(f"figures/{kind}"))["total"][name] == of_all
        mine = await world.found(f"figures/{kind}", me, group_by="department")
        assert mine["total"][name] == of_mine
        assert {item["department"]["id"] for item in mine["items"]} <= {str(own)}
        assert (await world.found(f"figures/{kind}", me, department_id=str(other)))["total"][name] == 0
    for path in LISTS:
        assert len((await world.found(f"figures/{path}", me))["items"]) == 1
        assert (await world.get(f"figures/{path}", world.client())).status_code == 403


async def test_what_is_deleted_is_in_no_figure_any_more(world: World) -> None:
    ticket = await answered(world, uuid4())
    await world.players["intake"].tell(ticket, intake.TicketDeleted(number=1001))
    await world.caught_up()
    for kind in KINDS:
        total = (await world.found(f"figures/{kind}"))["total"]
        assert not any(value for name, value in total.items() if name != "ages")
