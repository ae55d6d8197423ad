"""Who is told of what by mail, through a real SMTP server."""

from datetime import timedelta
from email.utils import parseaddr
from uuid import uuid4

from pydantic import SecretStr

from libs.events.catalogue import intake, sla
from libs.service.reply_tokens import ReplyTokens
from tests.infrastructure.mailbox import text_of
from tests.integration.notify.conftest import JANE, World


async def test_a_client_is_told_that_the_ticket_was_received(world: World) -> None:
    ticket = await world.opened()
    await world.mailbox.until(1)
    (mail,) = world.mailbox.came
    assert parseaddr(mail["To"]) == ("Jane Roe", JANE)
    assert mail["Subject"] == "[#1001] Help"
    assert "**#1001**" in text_of(mail)
    assert "<strong>#1001</strong>" in text_of(mail, "html")
    assert f"https://panel.provider.example/tickets/{ticket}" in text_of(mail)
    assert mail["Auto-Submitted"] == "auto-generated"
    root = f"<ticket.{ticket}@provider.example>"
    assert (mail["In-Reply-To"], mail["References"]) == (root, root)


async def test_the_reply_address_names_the_ticket_whatever_becomes_of_its_case(world: World) -> None:
    ticket = await world.opened()
    await world.mailbox.until(1)
    address = parseaddr(world.mailbox.came[0]["Reply-To"])[1]
    tokens = ReplyTokens(SecretStr("the key that services share"))
    assert tokens.read(f"FW: <{address.upper()}>") == ticket
    assert tokens.read(address.replace("+", "+a")) is None


async def test_a_receipt_says_when_an_answer_can_be_expected(quiet_world: World) -> None:
    async with quiet_world.running(mail_settle_seconds=20) as world:
        await world.introduced()
        ticket = await world.opened(language="en")
        await world.caught_up()
        deadline = sla.DeadlineSet(
            waiting_since=world.clock.now(),
            due_at=world.clock.now() + timedelta(hours=4),
            department_id=world.team,
            calendar_version=0,
            target_seconds=14400,
        )
        await world.tell("sla", ticket, deadline)
        await world.mailbox.until(1)
        assert "answer by **5 January 2026, 13:00 (UTC)**" in text_of(world.mailbox.came[0])


async def test_a_receipt_does_not_wait_for_long(quiet_world: World) -> None:
    async with quiet_world.running(mail_settle_seconds=20) as world:
        await world.introduced()
        await world.opened()
        await world.caught_up()
        assert not world.mailbox.came
        world.clock.advance(20)
        await world.mailbox.until(1)
        assert "expect an answer" not in text_of(world.mailbox.came[0])


async def test_a_mail_is_in_the_ticket_s_language(world: World) -> None:
    await world.opened(language="ru-RU")
    await world.mailbox.until(1)
    mail = world.mailbox.came[0]
    assert "Мы получили ваше обращение" in text_of(mail)
    assert mail["Content-Language"] == "ru"


async def test_an_answer_and_its_closing_are_one_mail(world: World) -> None:
    ticket = await world.opened()
    cause = world.by(world.sam, "one request")
    answer = intake.TicketAnswered(message_id=uuid4(), author_id=world.sam, text="Fixed")
    await world.tell("intake", ticket, answer, intake.TicketClosed(), cause=cause)
    await world.mailbox.until(2)
    await world.caught_up()
    assert [row["kind"] for row in await world.outbox() if row["kind"] == "closed"] == []
    assert "We have closed the ticket" in text_of(world.mailbox.came[1])


async def test_nobody_is_told_of_what_they_did_themselves(world: World) -> None:
    ticket = await world.opened()
    await world.tell("intake", ticket, intake.TicketClosed(), cause=world.by(world.jane))
    await world.tell("intake", ticket, intake.TicketAssigned(responsible_id=world.sam), cause=world.by(world.sam))
    await world.caught_up()
    assert [row["kind"] for row in await world.outbox()] == ["received"]


async def test_a_team_is_told_of_a_new_ticket_once_and_its_responsible_of_the_rest(world: World) -> None:
    ticket = await world.opened()
    await world.routed(ticket)
    await world.routed(ticket)
    await world.caught_up()  # who has the ticket by then is told of that alone
    await world.tell("intake", ticket, intake.TicketAssigned(responsible_id=world.sam), cause=world.by(world.kim))
    await world.replied(ticket)
    await world.caught_up()
    waiting = {"waiting_since": world.clock.now(), "at": world.clock.now()}
    await world.tell("sla", ticket, sla.DeadlineWarned(**waiting), sla.DeadlineBreached(**waiting))
    await world.caught_up()
    told = sorted((row["kind"], row["recipient"]) for row in await world.outbox())
    assert told == sorted(
        [
            ("received", world.jane),
            ("new_ticket", world.sam),
            ("new_ticket", world.kim),
            ("assigned", world.sam),
            ("client_wrote", world.sam),
            ("warning", world.sam),
            ("breach", world.sam),
        ]
    )
    await world.mailbox.until(len(told))


async def test_what_is_heard_of_before_its_ticket_is_told_once_the_ticket_is_known(world: World) -> None:
    ticket = uuid4()
    waiting = {"waiting_since": world.clock.now(), "at": world.clock.now()}
    await world.tell("sla", ticket, sla.DeadlineBreached(**waiting))
    await world.caught_up()
    assert await world.database.fetchval("select count(*) from postponed") == 1
    ids = {"account_id": world.account, "user_id": world.jane, "category_id": uuid4(), "message_id": uuid4()}
    await world.tell("intake", ticket, intake.TicketOpened(number=7, subject="S", text="T", **ids))
    await world.tell("intake", ticket, intake.TicketAssigned(responsible_id=world.sam))
    await world.until_state("received", "sent")
    assert await world.database.fetchval("select count(*) from postponed") == 0


async def test_each_notification_is_in_the_log_without_addresses_and_texts(world: World) -> None:
    ticket = await world.opened(text="A secret of mine")
    await world.until_state("received", "sent")
    said = await world.said()
    assert [what for what, _ in said] == ["notification.requested", "notification.sent"]
    assert {data["recipient_id"] for _, data in said} == {str(world.jane)}
    assert {data["ticket_id"] for _, data in said} == {str(ticket)}
    assert "secret" not in str(said)
    assert JANE not in str(said)


async def test_nothing_of_an_erased_ticket_is_left(world: World) -> None:
    ticket = await world.opened(text="Something private")
    await world.routed(ticket)
    await world.mailbox.until(3)
    await world.tell("intake", ticket, intake.TicketDeleted(number=1001))
    await world.caught_up()
    assert await everywhere(world, "Something private") == []
    assert await world.database.fetchval("select count(*) from outbox") == 0
    assert await world.database.fetchval("select count(*) from tickets") == 0


async def test_what_was_to_be_sent_of_an_erased_ticket_is_not(world: World) -> None:
    world.mailbox.to_addresses = ["451 later"]
    ticket = await world.opened()
    await world.until_tried("received", 1)
    await world.tell("intake", ticket, intake.TicketDeleted(number=1001))
    await world.caught_up()
    world.clock.advance(600)
    other = await world.opened()
    await world.mailbox.until(1)
    assert str(other) in text_of(world.mailbox.came[0])


async def test_without_a_server_nothing_piles_up(quiet_world: World) -> None:
    async with quiet_world.running(smtp_host=None) as world:
        await world.introduced()
        await world.opened()
        await world.caught_up()
        assert await world.outbox() == []
        assert (await world.get("mail")).json() == {"status": "not configured", "pending": 0, "sent": 0, "failed": 0}


async def everywhere(world: World, words: str) -> list[str]:
    """The tables of notify's database that hold these words."""
    tables = await world.database.fetch(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'live')"
    )
    question = "select exists (select from {} t where t::text like $1)"
    return [row["name"] for row in tables if await world.database.fetchval(question.format(row["name"]), f"%{words}%")]
