"""Strangers are told how to register: by an address that only intake knows, and no longer than it may be told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import Depends

from libs.events.catalogue import accounts, intake
from libs.service.auth import require
from libs.service.problems import NotFound, Unavailable
from libs.service.routes import service_router
from tests.infrastructure.mailbox import text_of
from tests.integration.notify.conftest import World

STRANGER = "stranger@home.example"


@dataclass
class Desk:
    """Intake's side, played: the mails of strangers that wait."""

    world: World
    waiting: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    is_away: bool = False

    async def write(self, **wrote: Any) -> UUID:
        """A stranger's mail comes in; its id."""
        mail = uuid4()
        self.waiting[mail] = {
            "address": STRANGER,
            "subject": "Who am I?",
            "message_id": "2@home.example",
            "references": ["1@home.example"],
        }
        await self.world.tell("intake", mail, intake.StrangerWrote(**{"gateway_id": uuid4(), **wrote}))
        return mail

    async def sender(self, mail_id: UUID) -> dict[str, Any]:
        if self.is_away:
            raise Unavailable
        if mail_id not in self.waiting:
            raise NotFound
        return self.waiting[mail_id]


@pytest.fixture
async def desk(quiet_world: World) -> AsyncIterator[Desk]:
    made = Desk(quiet_world)
    routes = service_router("intake", tags=["mail"])
    routes.add_api_route("/mails/{mail_id}/sender", made.sender, dependencies=[Depends(require("service"))])
    quiet_world.cast.routes["intake"] = routes
    await quiet_world.cast.stop("intake")
    await quiet_world.cast.start("intake")
    async with quiet_world.running():
        await quiet_world.introduced()
        yield made


async def test_a_stranger_is_answered_in_the_thread_of_their_mail_by_a_machine(desk: Desk) -> None:
    await desk.write(language="en")
    await desk.world.mailbox.until(1)
    (mail,) = desk.world.mailbox.came
    assert desk.world.mailbox.recipients == [STRANGER]
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Re: Who am I?", "auto-replied")
    assert (mail["In-Reply-To"], mail["References"]) == ("<2@home.example>", "<1@home.example> <2@home.example>")
    assert "not registered" in text_of(mail)
    assert "https://panel.provider.example" in text_of(mail)
    assert mail["List-Unsubscribe"] is mail["Reply-To"] is None


async def test_not_even_a_hash_of_a_stranger_s_address_is_kept(desk: Desk) -> None:
    await desk.write(language="en")
    await desk.world.until_state("not_registered", "sent")
    assert [row["address"] for row in await desk.world.outbox()] == [None]


async def test_the_answer_is_worded_by_the_gateway_s_language_and_project(desk: Desk) -> None:
    world, project = desk.world, uuid4()
    await world.tell("accounts", project, accounts.ProjectCreated(name="Brand"))
    await world.caught_up()
    own = {"kind": "not_registered", "language": "en", "subject": "{{ project }}: {{ subject }}", "body": "{{ url }}"}
    await world.done("PUT", "templates", {**own, "project_id": str(project)})
    await desk.write(language="en-GB", project_id=project)
    await desk.write(language="ru")
    await world.mailbox.until(2)
    assert sorted(mail["Content-Language"] for mail in world.mailbox.came) == ["en", "ru"]
    assert "Brand: Who am I?" in [mail["Subject"] for mail in world.mailbox.came]
    assert (await world.mailbox.having("не зарегистрирован"))["Subject"] == "Re: Who am I?"


async def test_an_own_wording_may_speak_of_what_a_stranger_s_mail_has_and_of_nothing_else(desk: Desk) -> None:
    wording = {"kind": "not_registered", "language": "en", "subject": "{{ subject }}", "body": "{{ project }}"}
    shown = await desk.world.done("POST", "templates/preview", wording)
    assert (shown["subject"], shown["text"]) == ("Mail does not arrive", "Example Hosting")
    refused = await desk.world.send("PUT", "templates", {**wording, "body": "{{ person.name }}"})
    assert refused.status_code == 422


async def test_who_is_no_stranger_any_more_when_it_is_sent_is_not_answered(desk: Desk) -> None:
    desk.is_away = True
    mail = await desk.write()
    await desk.world.until_tried("not_registered", 1)
    assert [row["last_error"] for row in await desk.world.outbox()] == ["intake: 503"]
    desk.is_away = False
    del desk.waiting[mail]
    desk.world.clock.advance(60)
    await desk.world.until_state("not_registered", "failed")
    assert desk.world.mailbox.came == []
    assert (await desk.world.said())[-1][1]["reason"] == "not_wanted"


async def test_intake_is_asked_again_until_it_answers(desk: Desk) -> None:
    desk.is_away = True
    await desk.write()
    await desk.world.until_tried("not_registered", 1)
    desk.is_away = False
    desk.world.clock.advance(60)
    await desk.world.mailbox.until(1)


async def test_the_address_is_in_the_mail_alone(desk: Desk) -> None:
    world = desk.world
    world.mailbox.to_addresses = ["550 no such user"]
    await desk.write()
    await desk.write()
    await world.mailbox.until(1)
    await world.until_state("not_registered", "sent")
    await world.until_state("not_registered", "failed")
    assert STRANGER not in str(await world.said())
    assert STRANGER not in str(await world.outbox())
    assert await world.database.fetchval("select count(*) from refused_addresses") == 0


async def test_deciding_again_answers_nobody_again(desk: Desk) -> None:
    world = desk.world
    await desk.write()
    await world.until_state("not_registered", "sent")
    await world.database.execute("delete from outbox")
    await world.database.execute("drop schema live cascade")
    await world.caught_up()
    await world.opened()
    await world.mailbox.until(2)
    assert [to for to in world.mailbox.recipients if to == STRANGER] == [STRANGER]
