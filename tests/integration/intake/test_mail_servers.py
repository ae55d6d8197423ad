"""Mail by real servers: Postfix hands it over by LMTP, Dovecot keeps mailboxes that are read over IMAP."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from imapclient import SEEN, IMAPClient

from tests.infrastructure.cast import until
from tests.infrastructure.mail_servers import Dovecot, Postfix, running_dovecot, running_postfix
from tests.integration.intake.conftest import Stage
from tests.integration.intake.mail_world import JANE, SUPPORT, MailWorld, a_mail, intake_settings, mail, mail_world

__all__ = ["intake_settings", "mail"]
pytestmark = pytest.mark.xdist_group("mail servers")


# --- Postfix --------------------------------------------------------------------------------------


@pytest.fixture
async def postfix(intake_settings: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postfix]:
    async with running_postfix(tmp_path_factory.mktemp("postfix"), intake_settings["mail_listen_port"]) as server:
        yield server


async def sent(server: Postfix, *mails: Any, to: str = SUPPORT) -> None:
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", server.port) as client:
            for one in mails:
                client.sendmail(JANE, [to], one.as_bytes())

    await asyncio.to_thread(send)


async def count(world: MailWorld, number: int) -> bool:
    return len(await world.rows()) >= number


async def test_postfix_hands_mail_over_and_replies_find_their_ticket(postfix: Postfix, mail: MailWorld) -> None:
    await sent(postfix, a_mail("It is broken"))
    await until(count, mail, 1)
    ticket = await mail.ticket()
    local, _, domain = SUPPORT.partition("@")
    await sent(postfix, a_mail("Any news?"), to=f"{local}+{mail.token(ticket)}@{domain}")
    await until(count, mail, 2)
    assert await mail.ticket() == ticket
    assert (await mail.world.events(ticket))[-1] == "replied"


async def test_an_outage_loses_nothing_that_postfix_has_taken(
    postfix: Postfix, stage: Stage, intake_settings: dict[str, Any]
) -> None:
    """E-mail scar: an outage of a day."""
    async with stage.intake(**intake_settings) as world:
        await mail_world(world, intake_settings)
    await sent(postfix, *(a_mail(f"Number {number}") for number in range(5)))
    async with stage.intake(**intake_settings) as world:
        again = MailWorld(world, intake_settings["mail_listen_port"], UUID(int=0), UUID(int=0))
        await postfix.flush()
        await until(count, again, 5)
        assert [row["state"] for row in await again.settled()] == ["ticket"] * 5
        assert await again.tickets() == 5


# --- Dovecot --------------------------------------------------------------------------------------


@pytest.fixture
async def dovecot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Dovecot]:
    async with running_dovecot(tmp_path_factory.mktemp("dovecot")) as server:
        yield server


@pytest.fixture
def reading(intake_settings: dict[str, Any], dovecot: Dovecot) -> dict[str, Any]:
    return {**intake_settings, "imap_ca_file": dovecot.ca_file, "imap_poll_seconds": 0.2}


@asynccontextmanager
async def intake_reading(stage: Stage, settings: dict[str, Any]) -> AsyncIterator[MailWorld]:
    async with stage.intake(**settings) as world:
        yield await mail_world(world, settings)


async def read_from(world: MailWorld, server: Dovecot, user: str, **given: Any) -> UUID:
    """A gateway that reads a mailbox."""
    imap = {"host": "localhost", "port": server.tls_port, "user": user, "password": server.password, **given}
    body = {"address": f"{user}@provider.example", "category_id": str(world.world.category)}
    made = await world.call("POST", "/gateways", **body, imap=imap)
    assert made.status_code == 201, made.text
    return UUID(made.json()["id"])


async def put(server: Dovecot, user: str, *mails: Any, seen: bool = False) -> None:
    def append() -> None:
        with IMAPClient("localhost", server.plain_port, ssl=False) as client:
            client.login(user, server.password)
            for one in mails:
                client.append("INBOX", one.as_bytes(), [SEEN] if seen else [])

    await asyncio.to_thread(append)


async def unseen(server: Dovecot, user: str) -> int:
    def look() -> int:
        with IMAPClient("localhost", server.plain_port, ssl=False) as client:
            client.login(user, server.password)
            client.select_folder("INBOX", readonly=True)
            return len(client.search("UNSEEN"))

    return await asyncio.to_thread(look)


async def none_unseen(server: Dovecot, user: str) -> bool:
    return await unseen(server, user) == 0


async def is_idle(world: MailWorld, gateway: UUID) -> bool:
    shown = (await world.get(f"/gateways/{gateway}")).json()
    return shown["imap"]["read_at"] is not None


async def is_failing(world: MailWorld, gateway: UUID) -> bool:
    shown = (await world.get(f"/gateways/{gateway}")).json()
    return shown["imap"]["failing_since"] is not None


async def test_a_mailbox_is_read_over_tls_and_news_come_by_themselves(
    stage: Stage, dovecot: Dovecot, reading: dict[str, Any]
) -> None:
    await put(dovecot, "old", a_mail("Long read"), seen=True)
    await put(dovecot, "old", a_mail("Waiting"))
    async with intake_reading(stage, {**reading, "imap_poll_seconds": 600}) as mail:
        gateway = await read_from(mail, dovecot, "old")
        await until(is_idle, mail, gateway)
        assert [row["state"] for row in await mail.settled()] == ["ticket"], "what was read before is nobody's news"
        await put(dovecot, "old", a_mail("News"))
        await until(count, mail, 2)
        assert [row["state"] for row in await mail.settled()] == ["ticket"] * 2
        await until(none_unseen, dovecot, "old")


async def test_what_a_person_opened_while_nobody_read_is_not_skipped(
    stage: Stage, dovecot: Dovecot, reading: dict[str, Any]
) -> None:
    """E-mail scar: a message skipped silently, after an outage of a day."""
    async with intake_reading(stage, reading) as mail:
        gateway = await read_from(mail, dovecot, "away")
        await until(is_idle, mail, gateway)
    await put(dovecot, "away", a_mail("One"), seen=True)
    await put(dovecot, "away", a_mail("Two"))
    async with stage.intake(**reading) as world:
        again = MailWorld(world, 0, gateway, UUID(int=0))
        await until(count, again, 2)
        assert [row["state"] for row in await again.settled()] == ["ticket"] * 2


async def test_a_mailbox_that_fails_holds_up_no_other_and_says_so(
    stage: Stage, dovecot: Dovecot, reading: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    slow = await asyncio.start_server(silent, "127.0.0.1", 0)
    slow_port = slow.sockets[0].getsockname()[1]
    async with slow, intake_reading(stage, {**reading, "imap_timeout_seconds": 2}) as mail:
        wrong = await read_from(mail, dovecot, "wrong", password="not this one")
        untrusted = await read_from(mail, dovecot, "name", host="127.0.0.1")
        hanging = await read_from(mail, dovecot, "slow", port=slow_port, security="none")
        await read_from(mail, dovecot, "sound", security="starttls", port=dovecot.plain_port)
        await put(dovecot, "sound", a_mail("One"))
        await until(count, mail, 1)
        for failing in (wrong, untrusted, hanging):
            await until(is_failing, mail, failing)
    said = "".join(capfd.readouterr())
    assert "not this one" not in said
    assert dovecot.password not in said


async def test_a_mail_that_comes_by_two_ways_into_one_mailbox_is_one_ticket(
    stage: Stage, dovecot: Dovecot, reading: dict[str, Any]
) -> None:
    async with intake_reading(stage, reading) as mail:
        gateway = await read_from(mail, dovecot, "twice")
        await until(is_idle, mail, gateway)
        same = a_mail("Once")
        await put(dovecot, "twice", same, same)
        await until(none_unseen, dovecot, "twice")
        await mail.settled()
        assert await mail.tickets() == 1
