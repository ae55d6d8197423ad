"""By mail all the way: a client's mail is a ticket, the answer is a mail, and the reply to it is in the same ticket."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pytest

from tests.infrastructure.mailbox import Mailbox, running_mailbox, text_of
from tests.infrastructure.ports import free_port
from tests.infrastructure.product import running_product
from tests.infrastructure.provider import Provider, founded

SUPPORT, JANE = "support@provider.example", "jane@acme.example"
STRANGER = "stranger@home.example"


@dataclass
class Correspondence:
    """A provider who reads mail, and the mailbox of a client."""

    provider: Provider
    mailbox: Mailbox
    port: int

    async def write(self, mail: EmailMessage, to: str) -> None:
        def hand_over() -> None:
            with smtplib.LMTP("127.0.0.1", self.port) as server:
                server.sendmail(JANE, to, mail.as_bytes())

        await asyncio.to_thread(hand_over)

    async def messages(self, count: int) -> dict[str, Any]:
        """The only ticket that came by mail, once it has so many messages."""
        while True:
            answer = (await self.provider.client.get("/api/query/my/tickets")).json()
            listed = [one for one in answer.get("items", []) if one["channel"] == "email"]
            assert len(listed) <= 1
            if listed:
                shown: dict[str, Any] = (await self.provider.client.get(f"/api/query/tickets/{listed[0]['id']}")).json()
                if len(shown["messages"]) >= count:
                    return shown
            await asyncio.sleep(0.05)


@pytest.fixture
async def correspondence(services_dsn: str, nats_url: str, tmp_path: Path) -> AsyncIterator[Correspondence]:
    port = free_port()
    async with running_mailbox() as mailbox:
        mail: dict[str, Any] = {
            **mailbox.settings,
            "mail_settle_seconds": 0,
            "mail_from": f"Support <{SUPPORT}>",
            "mail_reply_address": f"Support <{SUPPORT}>",
            "mail_listen_port": port,
        }
        async with running_product(services_dsn, nats_url, tmp_path / "attachments", **mail) as product:
            provider = await founded(product)
            await provider.admin.made("/api/intake/gateways", address=SUPPORT, category_id=provider.category_id)
            yield Correspondence(provider, mailbox, port)


def letter(text: str, **headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": f"Jane <{JANE}>", "Date": "Mon, 05 Jan 2026 10:00:00 +0100", **headers}.items():
        made[name] = value
    made.set_content(text)
    return made


async def test_a_round_trip_by_mail_stays_in_one_ticket_and_one_thread(correspondence: Correspondence) -> None:
    first = letter("Since **today**", Subject="Mail does not arrive", To=SUPPORT, **{"Message-ID": "<1@acme.example>"})
    await correspondence.write(first, SUPPORT)
    ticket = await correspondence.messages(1)
    receipt = await correspondence.mailbox.having("Since **today**")

    admin = correspondence.provider.admin
    block = await admin.made(f"/api/intake/tickets/{ticket['id']}/block")
    answer = {"text": "Please try *again*", "token": block["block"]["token"], "close": True}
    await admin.made(f"/api/intake/tickets/{ticket['id']}/replies", **answer)
    answered = await correspondence.mailbox.having("*again*")
    root = f"<ticket.{ticket['id']}@provider.example>"
    assert answered["References"] == receipt["References"] == root

    (_, reply_to), *_ = getaddresses([answered["Reply-To"]])
    quoted = "\n".join(f"> {line}" for line in text_of(answered).splitlines())
    reply = letter(
        f"It works, thank you!\n\nOn Mon, 5 Jan 2026, Support wrote:\n{quoted}\n",
        Subject=f"Re: {answered['Subject']}",
        To=reply_to,
        **{
            "Message-ID": "<2@acme.example>",
            "In-Reply-To": answered["Message-ID"],
            "References": f"{answered['References']} {answered['Message-ID']}",
        },
    )
    for _ in range(2):  # the second is the retry of a server that was not answered
        await correspondence.write(reply, reply_to)
    shown = await correspondence.messages(3)
    assert [one["text"] for one in shown["messages"]] == [
        "Since **today**",
        "Please try *again*",
        "It works, thank you!\n\n> […]",
    ]
    assert shown["state"] == "active", "the reply has opened the ticket again"


async def test_the_mails_that_go_out_from_here_open_nothing_when_they_come_back(correspondence: Correspondence) -> None:
    """E-mail scar: loops of machines that answer each other."""
    await correspondence.write(letter("One", Subject="S", To=SUPPORT, **{"Message-ID": "<1@acme.example>"}), SUPPORT)
    await correspondence.messages(1)
    receipt = await correspondence.mailbox.having("One")
    await correspondence.write(receipt, SUPPORT)
    admin = correspondence.provider.admin
    ticket = (await correspondence.messages(1))["id"]
    await correspondence.write(letter("Two", Subject="S", To=SUPPORT, References=receipt["References"]), SUPPORT)
    shown = await correspondence.messages(2)
    assert [one["text"] for one in shown["messages"]] == ["One", "Two"]
    assert (await admin.get("/api/intake/mails")).json()["items"] == []
    assert shown["id"] == ticket


async def test_a_stranger_is_told_once_that_nobody_knows_their_address(correspondence: Correspondence) -> None:
    admin, mailbox = correspondence.provider.admin, correspondence.mailbox
    (gateway,) = (await admin.get("/api/intake/gateways")).json()["items"]
    trusting = {"authserv_id": "mx.provider.example", "answers_strangers": True}
    assert (await admin.patch(f"/api/intake/gateways/{gateway['id']}", **trusting)).is_success

    def written(number: int, sender: str) -> EmailMessage:
        passed = f"mx.provider.example; dmarc=pass header.from={sender.rpartition('@')[2]}"
        identity = {"Message-ID": f"<{number}@home.example>", "Authentication-Results": passed}
        return letter("Hello?", **{"Subject": "Who am I?", "To": SUPPORT, "From": sender, **identity})

    for number in (1, 2):
        await correspondence.write(written(number, STRANGER), SUPPORT)
    answer = await mailbox.having("not registered")
    assert (answer["Subject"], answer["Auto-Submitted"]) == ("Re: Who am I?", "auto-replied")
    assert answer["In-Reply-To"] in {"<1@home.example>", "<2@home.example>"}
    assert STRANGER in mailbox.recipients

    await correspondence.write(answer, SUPPORT)  # as an out-of-office notice would bring it back
    await correspondence.write(written(3, JANE), SUPPORT)
    ticket = await correspondence.messages(1)
    await mailbox.having(f"#{ticket['number']}")
    assert mailbox.recipients.count(STRANGER) == 1
    waiting = (await admin.get("/api/intake/mails")).json()["items"]
    assert [one["reason"] for one in waiting] == ["unknown_sender"] * 2
    for service in ("routing", "sla", "query", "notify"):
        assert (await admin.get(f"/api/{service}/parked")).json() == []
