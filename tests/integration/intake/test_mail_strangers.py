"""Strangers are answered once with how to register, where the provider wants that and knows that it is really them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.events.catalogue.accounts import UserChanged
from tests.infrastructure.cast import SYSTEM_KEY
from tests.integration.intake.mail_world import JANE, SUPPORT, MailWorld, a_mail, intake_settings, mail

__all__ = ["intake_settings", "mail"]

STRANGER = "stranger@home.example"
MX = "mx.provider.example"
WROTE = "mail.stranger_wrote.v1"


@pytest.fixture
async def answering(mail: MailWorld) -> MailWorld:
    """The gateway answers strangers."""
    changed = await mail.call("PATCH", f"/gateways/{mail.gateway}", authserv_id=MX, answers_strangers=True)
    assert changed.json()["answers_strangers"] is True, changed.text
    return mail


def a_stranger_s(text: str = "Who am I?", *, sender: str = STRANGER, result: str = "pass", **given: Any) -> bytes:
    results = f"{MX}; dmarc={result} header.from={sender.partition('@')[2]}"
    return a_mail(text, sender=sender, Authentication_Results=results, **given).as_bytes()


async def told(mail: MailWorld) -> list[UUID]:
    """The mails that the log tells of as strangers'."""
    await mail.settled()
    rows = await mail.world.database.fetch("select entity from log where type = $1 order by position", WROTE)
    return [row["entity"] for row in rows]


async def sender_of(mail: MailWorld, one: UUID, key: str = SYSTEM_KEY) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"}
    return await mail.world.http.get(f"/api/intake/mails/{one}/sender", headers=headers)


async def test_the_log_says_that_a_stranger_wrote_and_neither_who_nor_what(answering: MailWorld) -> None:
    await answering.deliver(a_stranger_s("my secret"))
    (one,) = await told(answering)
    (row,) = await answering.rows()
    assert (row["id"], row["state"], row["reason"]) == (one, "unmatched", "unknown_sender")
    (event,) = await answering.world.told(one)
    assert event["data"] == {"gateway_id": str(answering.gateway), "language": "en", "project_id": None}
    assert event["actor"] == "service:intake"
    assert not {STRANGER, "secret"} & set(str(event).split("'"))


async def test_an_address_is_answered_once_in_thirty_days(answering: MailWorld) -> None:
    for sender in (STRANGER, STRANGER.upper(), "other@home.example", STRANGER):
        await answering.deliver(a_stranger_s(sender=sender))
    assert len(await told(answering)) == 2
    await _pass(answering, timedelta(days=29))
    await answering.deliver(a_stranger_s())
    assert len(await told(answering)) == 2
    await _pass(answering, timedelta(days=2))
    await answering.deliver(a_stranger_s())
    assert len(await told(answering)) == 3


async def _pass(mail: MailWorld, time: timedelta) -> None:
    await mail.world.database.execute("update answered_strangers set at = at - $1::interval", time)


async def test_many_mails_of_a_stranger_at_once_are_answered_once(answering: MailWorld) -> None:
    await asyncio.gather(*(answering.deliver(a_stranger_s(str(number))) for number in range(8)))
    assert len(await told(answering)) == 1
    assert {row["state"] for row in await answering.rows()} == {"unmatched"}


async def test_nobody_is_answered_of_whom_it_is_not_known_that_they_wrote(answering: MailWorld) -> None:
    """Whoever's address was forged would get the answer."""
    for result in ("fail", "none"):
        await answering.deliver(a_stranger_s(result=result))
    await answering.deliver(a_mail(sender=STRANGER))
    assert {row["reason"] for row in await answering.settled()} == {"spoofed", "not_authenticated"}
    assert await told(answering) == []


async def test_no_machine_is_answered(answering: MailWorld) -> None:
    for marked in ({"Auto_Submitted": "auto-replied"}, {"List_Id": "<talk.example>"}, {"Precedence": "bulk"}):
        await answering.deliver(a_stranger_s(**marked))
    await answering.deliver(a_stranger_s(), sender="")
    await answering.deliver(a_stranger_s(sender="noreply@home.example"))
    assert {row["state"] for row in await answering.settled()} == {"automatic"}
    assert await told(answering) == []


async def test_people_who_are_known_are_no_strangers(answering: MailWorld) -> None:
    world = answering.world
    await answering.deliver(a_stranger_s(sender=JANE))
    assert await answering.state() == ("ticket", None)
    await world.accounts.tell(world.user, UserChanged(account_id=world.account, name="J", email=JANE, enabled=False))
    await world.consumed()
    await answering.deliver(a_stranger_s(sender=JANE))
    assert await answering.state() == ("unmatched", "disabled_sender")
    assert await told(answering) == []


async def test_strangers_are_not_answered_unless_the_provider_says_so(mail: MailWorld) -> None:
    await mail.call("PATCH", f"/gateways/{mail.gateway}", authserv_id=MX)
    await mail.deliver(a_stranger_s())
    assert await told(mail) == []


async def test_a_gateway_that_trusts_no_server_answers_no_strangers(mail: MailWorld) -> None:
    new = {"address": "two@provider.example", "category_id": str(mail.world.category), "answers_strangers": True}
    path = f"/gateways/{mail.gateway}"
    for refused in (
        await mail.call("POST", "/gateways", **new),
        await mail.call("PATCH", path, answers_strangers=True),
    ):
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/answers_strangers")
    assert (await mail.call("POST", "/gateways", **new, authserv_id=MX)).json()["answers_strangers"] is True
    assert (await mail.call("PATCH", path, answers_strangers=True, authserv_id=MX)).is_success
    assert (await mail.call("PATCH", path, authserv_id=None)).status_code == 422
    assert (await mail.call("PATCH", path, authserv_id=None, answers_strangers=False)).is_success


async def test_notify_alone_is_told_who_the_stranger_is(answering: MailWorld) -> None:
    references = {"Message_ID": "<2@home.example>", "References": "<0@x.example> <1@x.example>"}
    await answering.deliver(a_stranger_s(**references))
    (one,) = await told(answering)
    asked = await sender_of(answering, one)
    assert asked.json() == {
        "address": STRANGER,
        "subject": "Help",
        "message_id": "2@home.example",
        "references": ["0@x.example", "1@x.example"],
    }
    assert asked.headers["cache-control"] == "no-store"
    assert (await answering.get(f"/mails/{one}/sender")).status_code == 403
    refused = await sender_of(answering, one, "another key of that length")
    assert refused.status_code == 401


@pytest.mark.parametrize("how", ["discarded", "attached"])
async def test_nobody_is_told_whose_a_mail_was_that_waits_no_more(answering: MailWorld, how: str) -> None:
    await answering.deliver(a_stranger_s())
    (one,) = await told(answering)
    if how == "discarded":
        assert (await answering.call("DELETE", f"/mails/{one}")).is_success
    else:
        made = await answering.call("POST", f"/mails/{one}/attach", user_id=str(answering.world.user))
        assert made.is_success, made.text
    assert (await sender_of(answering, one)).status_code == 404


async def test_a_mail_in_the_log_is_no_ticket(answering: MailWorld) -> None:
    """Its id is an entity of the log as a ticket's is, and every command looks there."""
    await answering.deliver(a_stranger_s())
    (one,) = await told(answering)
    world = answering.world
    commands = [
        await world.act(one, "read", world.staff(answering.owner)),
        await world.act(one, "block", world.staff(answering.owner)),
        await world.act(one, "replies", world.client(), text="Hello"),
        await answering.call("DELETE", f"/tickets/{one}"),
        await answering.get(f"/tickets/{one}/mails"),
    ]
    assert {answer.status_code for answer in commands} == {404}, [answer.text for answer in commands]
    many = await answering.call("POST", "/tickets/bulk", action="close", ticket_ids=[str(one)])
    assert [result["status"] for result in many.json()["results"]] == [404]
    reference = f"<ticket.{one}@provider.example>"
    await answering.deliver(a_stranger_s(sender=JANE, References=reference, To=SUPPORT))
    assert await answering.state() == ("unmatched", "gone_ticket")
    assert [event["type"] for event in await world.told(one)] == [WROTE]
