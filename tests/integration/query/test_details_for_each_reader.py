"""What each reader is shown of one ticket with all that may happen to it. What a client is shown is listed here in full."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.events.catalogue import intake, routing, sla
from services.query.api.models import ClientsDetails, ClientsPage, Details, HistoryPage, TicketPage
from tests.integration.query.query_world import World

CLIENTS_TICKET = {
    *("id", "number", "subject", "user.id", "user.name", "project.id", "project.name", "category.id", "category.name"),
    *("urgency", "channel", "waiting_since", "opened_at", "closes_at", "closed_at", "close_reason", "state"),
    *("last_activity_at", "unread_answers"),
}
MESSAGE = {
    *("id", "kind", "author.id", "author.name", "acted_by.id", "acted_by.name", "channel", "at", "text", "html"),
    *("attachments.id", "attachments.name", "attachments.content_type", "attachments.size"),
    *("rating.rating", "rating.comment", "rating.user.id", "rating.user.name", "rating.at"),
}
ENTRY = {
    *("id", "type", "at", "actor", "on_behalf_of"),
    *("facts.number", "facts.category_id", "facts.project_id", "facts.urgency", "facts.channel", "facts.message_id"),
    *("facts.author_id", "facts.closes_at", "facts.user_id", "facts.rating", "facts.reason"),
}
SECRET = "7d1f"
"""In everything that is none of a client's business."""


def paths(value: Any, at: str = "") -> Iterator[str]:
    """The path of every figure and text in a document, without places in lists."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from paths(below, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        for below in value:
            yield from paths(below, at)
    elif value is not None:
        yield at


@dataclass
class Scene:
    """A ticket, its file, its answer, and the agent and the department that have it."""

    ticket: UUID
    file: intake.Attachment
    answer: UUID
    agent: UUID
    department: UUID


@pytest.fixture
async def scene(world: World) -> Scene:
    department, answer = uuid4(), uuid4()
    agent = await world.employ(department, name="Agnes")
    secretive = await world.employ(name=f"Sam {SECRET}")
    file = intake.Attachment(id=uuid4(), name="log.txt", content_type="text/plain", size=12)
    ticket = await world.open_ticket(text="**Broken** <script>", attachments=[file], urgency="high", project_id=uuid4())
    tell, staff = world.players["intake"].tell, world.cause(f"user:{secretive}")
    await tell(ticket, intake.TicketRouted(department_id=department, decision_id=uuid4()), cause=staff)
    points = routing.Points(rule_id=uuid4(), name=f"Rule {SECRET}", points=15)
    await world.players["routing"].tell(
        ticket, routing.TicketWeighed(points=15, breakdown=[points], judged_version=1), cause=staff
    )
    since = await world.players["sla"].log.now()
    deadline = sla.DeadlineSet(
        waiting_since=since, due_at=since, department_id=department, calendar_version=0, target_seconds=60
    )
    await world.players["sla"].tell(ticket, deadline, cause=staff)
    await tell(ticket, intake.TicketRead(reader_id=secretive), cause=staff)
    edited = intake.TicketEdited(
        changed=[intake.Property.SUBJECT, intake.Property.TAGS],
        subject="Mail is broken",
        category_id=uuid4(),
        urgency=intake.Urgency.LOW,
        tags=[SECRET],
    )
    await tell(ticket, edited, cause=staff)
    await tell(ticket, intake.TicketAssigned(responsible_id=secretive), cause=staff)
    until = await world.players["intake"].log.now()
    await tell(ticket, intake.TicketBlocked(holder_id=secretive, token=1, expires_at=until), cause=staff)
    await tell(ticket, intake.NoteAdded(message_id=uuid4(), author_id=secretive, text=SECRET), cause=staff)
    by_agent = world.cause(f"user:{agent}")
    await tell(ticket, intake.TicketAnswered(message_id=answer, author_id=agent, text="Try again"), cause=by_agent)
    rated = intake.AnswerRated(message_id=answer, user_id=world.user, rating=4, comment="Quick")
    await tell(ticket, rated, cause=world.cause(f"user:{world.user}"))
    reply = intake.ClientReplied(message_id=uuid4(), author_id=world.user, text="Still", waiting_since=until)
    await tell(ticket, reply, cause=world.cause(f"user:{agent}", f"user:{world.user}"))
    await tell(ticket, intake.AutoCloseWarned(message_id=uuid4(), text="We close this", closes_at=until))
    await tell(ticket, intake.TicketClosed(), cause=staff)
    await world.caught_up()
    return Scene(ticket, file, answer, agent, department)


async def test_a_client_is_shown_what_is_listed_here_and_nothing_else(world: World, scene: Scene) -> None:
    details = await world.found(f"tickets/{scene.ticket}", world.client())
    assert set(paths(details)) <= CLIENTS_TICKET | {"version"} | {f"messages.{path}" for path in MESSAGE}
    (row,) = (await world.found("my/tickets", world.client(), state="all"))["items"]
    assert set(paths(row)) <= CLIENTS_TICKET
    history = await world.found(f"tickets/{scene.ticket}/history", world.client())
    assert set(paths(history["items"])) <= ENTRY
    assert history["names"].keys() <= {str(world.user), str(scene.agent)}
    for document in (details, row, history):
        assert SECRET not in str(document)
    assert [entry["type"].split(".")[1] for entry in history["items"]] == [
        *("opened", "answered", "rated", "replied", "auto_close_warned", "closed"),
    ]
    actors = [entry["actor"] for entry in history["items"]]
    agent, user = f"user:{scene.agent}", f"user:{world.user}"
    assert actors == ["system", agent, user, agent, "system", "staff"]


async def test_messages_come_with_their_files_ratings_and_as_safe_html(world: World, scene: Scene) -> None:
    for headers in (world.client(), world.staff_as(scene.agent)):
        messages = {m["kind"]: m for m in (await world.found(f"tickets/{scene.ticket}", headers))["messages"]}
        answered, warned, written = messages["staff"], messages["system"], messages["client"]
        assert (answered["id"], answered["author"]["name"]) == (str(scene.answer), "Agnes")
        assert (answered["rating"]["rating"], answered["rating"]["comment"]) == (4, "Quick")
        assert answered["rating"]["user"] == {"id": str(world.user), "name": "Jane"}
        assert (warned["author"], warned["text"]) == (None, "We close this")
        assert (written["author"]["name"], written["acted_by"]["name"]) == ("Jane", "Agnes")
    opening = (await world.found(f"tickets/{scene.ticket}"))["messages"][0]
    assert opening["attachments"] == [scene.file.model_dump(mode="json")]
    assert opening["text"] == "**Broken** <script>"
    assert opening["html"] == "<p><strong>Broken</strong> &lt;script&gt;</p>\n"


async def test_the_documentation_knows_all_that_is_answered(world: World, scene: Scene) -> None:
    client, ticket = world.client(), f"tickets/{scene.ticket}"
    for model, document in (
        (Details, await world.found(ticket)),
        (ClientsDetails, await world.found(ticket, client)),
        (TicketPage, await world.found("tickets", state="all")),
        (ClientsPage, await world.found("my/tickets", client, state="all")),
        (HistoryPage, await world.found(f"{ticket}/history")),
    ):
        again = model.model_validate(document).model_dump(mode="json", by_alias=True)
        assert set(paths(again)) == set(paths(document))


async def test_history_tells_what_changed_from_what_to_what(world: World, scene: Scene) -> None:
    other = uuid4()
    await world.place(scene.ticket, other)
    await world.manned(other)
    await world.caught_up()
    page = await world.found(f"tickets/{scene.ticket}/history")
    changes: dict[str, dict[str, Any]] = {}
    for entry in page["items"]:
        changes.setdefault(entry["type"].split(".")[1], entry["changes"])
    assert changes["opened"] == {}
    assert changes["routed"] == {"department_id": {"from": None, "to": str(scene.department)}}
    assert changes["weighed"] == {"points": {"from": 0, "to": 15}}
    assert changes["edited"]["subject"] == {"from": "Help", "to": "Mail is broken"}
    assert changes["edited"]["tags"] == {"from": [], "to": [SECRET]}
    assert changes["closed"] == {"state": {"from": "active", "to": "closed"}}
    transferred = changes["transferred"]
    assert transferred["department_id"] == {"from": str(scene.department), "to": str(other)}
    assert page["names"][transferred["department_id"]["to"]] == "Department"
    assert page["names"][transferred["responsible_id"]["from"]] == f"Sam {SECRET}"


async def test_an_edit_changes_the_row(world: World, scene: Scene) -> None:
    (row,) = (await world.found("tickets", state="all"))["items"]
    assert row["id"] == str(scene.ticket)
    assert (row["subject"], row["urgency"], row["tags"], row["project"]) == ("Mail is broken", "low", [SECRET], None)
    assert (row["state"], row["close_reason"]) == ("closed", "by_hand")
    assert row["closed_at"] is not None
