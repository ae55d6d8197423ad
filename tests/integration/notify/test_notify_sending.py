"""What a mail server may do to a mail, and what may happen to notify meanwhile."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from libs.events.catalogue import accounts, intake
from libs.events.log import Change, Log, NewEvent
from services.notify.app import create_app
from services.notify.mail.smtp import Outcome, SmtpPost
from tests.infrastructure.cast import until
from tests.infrastructure.mailbox import Mailbox, running_mailbox, text_of
from tests.infrastructure.players import CAUSE, served
from tests.infrastructure.ports import free_port
from tests.integration.notify.conftest import World


async def test_a_mail_that_is_not_taken_now_is_tried_again_later_each_time(world: World) -> None:
    world.mailbox.to_addresses = ["451 greylisted", "451 greylisted"]
    await world.opened()
    await world.until_tried("received", 1)
    assert not world.mailbox.came
    world.clock.advance(60)
    await world.until_tried("received", 2)
    world.clock.advance(119)
    world.notify.wakes.mail.set()
    (row,) = await world.outbox()
    assert (row["attempts"], row["unsure"], row["last_error"]) == (2, 0, "to: 451")
    world.clock.advance(1)
    await world.mailbox.until(1)
    await world.until_state("received", "sent")
    assert [what for what, _ in await world.said()] == ["notification.requested", "notification.sent"]


async def test_a_provider_that_is_down_for_a_day_loses_nothing(world: World) -> None:
    async with running_mailbox() as away:
        port = away.port
    world.notify.sending._post = SmtpPost(world.settings.model_copy(update={"smtp_port": port}))
    await world.opened()
    for attempt in range(1, 6):
        await world.until_tried("received", attempt)
        world.clock.advance(6 * 3600)
    await world.until_tried("received", 6)
    world.notify.sending._post = SmtpPost(world.settings)
    world.clock.advance(6 * 3600)
    await world.mailbox.until(1)


async def test_an_address_that_is_refused_is_marked_and_the_ticket_says_so(world: World) -> None:
    world.mailbox.to_addresses = ["550 no such user jane@acme.example"]
    ticket = await world.opened()
    await world.until_state("received", "failed")
    failed = (await world.said())[-1]
    assert failed[0] == "ticket.mail_failed"
    assert failed[1]["reason"] == "refused"
    assert failed[1]["code"] == 550
    assert "acme" not in str(await world.said())
    assert (await world.get(f"people/{world.jane}/address")).json()["code"] == 550

    await world.answered(ticket)  # nobody tries that address again
    await world.until_state("answered", "failed")
    assert (await world.said())[-1][1]["reason"] == "address_refused_before"

    other = accounts.UserChanged(account_id=world.account, name="Jane", email="jane@new.example")
    await world.tell("accounts", world.jane, other)
    await world.caught_up()
    await world.tell("intake", ticket, intake.TicketClosed(), cause=world.by(world.sam, "later"))
    await world.mailbox.until(1)
    assert world.mailbox.recipients == ["jane@new.example"]


async def test_an_address_whose_mail_came_back_later_is_marked(world: World) -> None:
    """A relay takes everything, and the answer of the server behind it comes as a mail."""
    ticket = await world.opened()
    await world.until_state("received", "sent")
    await world.bounced(ticket, "received", "4.2.2")
    assert (await world.get(f"people/{world.jane}/address")).json()["refused_at"] is None
    await world.bounced(ticket, "received", "5.1.1")
    marked = (await world.get(f"people/{world.jane}/address")).json()
    assert (marked["code"], marked["status"]) == (None, "5.1.1")
    await world.answered(ticket)
    await world.until_state("answered", "failed")
    assert (await world.said())[-1][1]["reason"] == "address_refused_before"


async def test_a_bounce_from_a_former_address_marks_that_one_alone(world: World) -> None:
    ticket = await world.opened()
    await world.until_state("received", "sent")
    other = accounts.UserChanged(account_id=world.account, name="Jane", email="jane@new.example")
    await world.tell("accounts", world.jane, other)
    await world.caught_up()
    await world.bounced(ticket, "received", "5.1.1")
    assert (await world.get(f"people/{world.jane}/address")).json()["refused_at"] is None


async def test_a_bounce_of_what_was_never_sent_marks_nobody(world: World) -> None:
    ticket = await world.opened()
    await world.until_state("received", "sent")
    invented = intake.MailBounced(mail_id=uuid4(), notification_id=uuid4(), status="5.1.1")
    await world.tell("intake", ticket, invented)
    await world.caught_up()
    assert await world.database.fetchval("select count(*) from refused_addresses") == 0


async def test_a_refused_address_may_be_forgiven(world: World) -> None:
    world.mailbox.to_addresses = ["550 no"]
    ticket = await world.opened()
    await world.until_state("received", "failed")
    await world.done("DELETE", f"people/{world.jane}/address/refusal")
    await world.answered(ticket)
    await world.mailbox.until(1)


async def test_a_mail_that_is_refused_for_what_it_says_marks_no_address(world: World) -> None:
    world.mailbox.to_texts = ["554 looks like spam"]
    ticket = await world.opened()
    await world.until_state("received", "failed")
    await world.answered(ticket)
    await world.mailbox.until(1)


async def test_a_server_that_says_nothing_after_the_text_gets_it_once_more_and_no_third_time(world: World) -> None:
    world.mailbox.to_texts = ["drop", "drop", "drop"]
    await world.opened()
    await world.until_tried("received", 1)
    world.clock.advance(60)
    await world.until_state("received", "failed")
    assert len(world.mailbox.came) == 2
    assert len({mail["Message-ID"] for mail in world.mailbox.came}) == 1
    assert (await world.said())[-1][1]["reason"] == "unsure"


async def test_a_slow_server_is_waited_for_only_so_long(quiet_world: World) -> None:
    async with quiet_world.running(smtp_timeout_seconds=0.5) as world:
        await world.introduced()
        world.mailbox.to_texts = ["hang"]
        await world.opened()
        await world.until_tried("received", 1)
        (row,) = await world.outbox()
        assert (row["unsure"], row["last_error"].split(":")[0]) == (1, "data")


async def test_a_mail_that_nobody_takes_for_days_has_failed(world: World) -> None:
    world.mailbox.to_addresses = ["451 later"] * 100
    await world.opened()
    await world.until_tried("received", 1)
    world.clock.advance(world.settings.mail_give_up_seconds)
    await world.until_state("received", "failed")
    assert (await world.said())[-1][1]["reason"] == "expired"


async def test_no_more_mails_go_in_a_minute_than_are_allowed(quiet_world: World) -> None:
    async with quiet_world.running(mails_per_minute=2) as world:
        await world.introduced()
        for _ in range(3):
            await world.opened()
        await world.mailbox.until(2)
        await world.caught_up()
        assert len(world.mailbox.came) == 2
        world.clock.advance(60)
        await world.mailbox.until(3)


class _Dies(BaseException):
    """As a process that is killed: nothing after it is done."""


class _Cut:
    """Kills before or after the mail is handed over."""

    def __init__(self, inner: SmtpPost, *, after: bool) -> None:
        self._inner = inner
        self._after = after

    async def hand_over(self, *mail: Any) -> Outcome:
        if self._after:
            await self._inner.hand_over(*mail)
        raise _Dies


@pytest.mark.parametrize(("after", "sent"), [(False, 1), (True, 2)])
async def test_who_dies_before_or_after_handing_over_sends_twice_at_most_under_one_id(
    quiet_world: World,
    after: bool,  # noqa: FBT001
    sent: int,
) -> None:
    async with quiet_world.running() as world:
        await world.introduced()
        post = world.notify.sending._post
        assert isinstance(post, SmtpPost)
        world.notify.sending._post = _Cut(post, after=after)
        await world.opened()
        await until(_is_claimed, world)
    quiet_world.clock.advance(301)  # the lease of the dead is over
    async with quiet_world.running() as world:
        await world.mailbox.until(sent)
        await world.until_state("received", "sent")
    assert len(world.mailbox.came) == sent
    assert len({mail["Message-ID"] for mail in world.mailbox.came}) == 1


async def _is_claimed(world: World) -> bool:
    return bool(
        await world.database.fetchval("select exists (select from outbox where unsure = 1 and state = 'pending')")
    )


async def _is_all_sent(world: World) -> bool:
    return not await world.database.fetchval("select exists (select from outbox where state <> 'sent')")


async def test_a_process_that_is_killed_in_the_middle_of_a_mail(quiet_world: World, mailbox: Mailbox) -> None:
    """A real one, by SIGKILL, while the server has the text and has not answered."""
    world = quiet_world
    mailbox.to_texts = ["hang"]
    world.clock.instant = await _soon(world)
    process = await _started(world)
    try:
        await world.people()
        await world.opened()
        await mailbox.hanging.wait()
    finally:
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    async with world.running():
        await world.database.execute("update outbox set leased_until = '-infinity'")
        await mailbox.until(2)
        await world.until_state("received", "sent")
    assert len({mail["Message-ID"] for mail in mailbox.came}) == 1
    assert text_of(mailbox.came[0]) == text_of(mailbox.came[1])


async def _soon(world: World) -> Any:
    """A while ahead, as the process goes by PostgreSQL's clock and tells of nothing that was before it began."""
    return await world.players["intake"].log.pool.fetchval("select clock_timestamp() + interval '1 hour'")


async def _started(world: World) -> asyncio.subprocess.Process:
    settings = world.settings.model_dump(exclude_none=True)
    environment = {f"HELPDESK_{name.upper()}": _plain(value) for name, value in settings.items()}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.notify", env={**os.environ, **environment}, stderr=asyncio.subprocess.DEVNULL
    )


def _plain(value: Any) -> str:
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


async def test_two_processes_send_each_mail_once(world: World) -> None:
    settings = world.settings.model_copy(update={"port": free_port()})
    async with served(create_app(settings, now=world.clock.now), settings):
        for _ in range(10):
            await world.opened()
        await world.mailbox.until(10)
        await world.caught_up()
        await until(_is_all_sent, world)
    assert len({mail["Message-ID"] for mail in world.mailbox.came}) == len(world.mailbox.came) == 10


# --- nothing twice, and no storm ---------------------------------------------------------------------


async def test_a_new_installation_on_an_old_log_tells_nobody_of_what_was_before(quiet_world: World) -> None:
    world = quiet_world
    await world.people()
    await world.opened(text="long ago")
    world.clock.advance(60)
    async with world.running():
        await world.caught_up()
        ticket = await world.opened(text="just now")
        await world.mailbox.until(1)
        assert "just now" in text_of(world.mailbox.came[0])
        assert {row["ticket"] for row in await world.outbox()} == {ticket}


async def test_what_is_too_old_is_nobody_s_news(world: World) -> None:
    await world.cast.stop("intake")
    async with _log_of(world, "intake") as log:
        await _open(world, log)
    world.clock.advance(world.settings.notify_oldest_seconds + 1)
    await world.cast.start("intake")
    await world.caught_up()
    assert await world.outbox() == []


async def test_a_rebuild_sends_nothing(world: World) -> None:
    ticket = await world.opened()
    await world.routed(ticket)
    await world.mailbox.until(3)
    await until(_is_all_sent, world)
    said = await world.said()
    generation = await world.database.fetchval("select id from live.generation")
    assert (await world.send("POST", "projection/rebuild")).is_success

    async def is_rebuilt() -> bool:
        return bool(await world.database.fetchval("select id > $1 from live.generation", generation))

    await until(is_rebuilt)
    await world.answered(ticket)
    await world.mailbox.until(4)
    assert len(world.mailbox.came) == 4
    assert (await world.said())[: len(said)] == said


async def test_deciding_everything_again_sends_nothing_again(world: World) -> None:
    """As after a source was restored: all of its events come once more, and the outbox has forgotten them."""
    ticket = await world.opened()
    await world.routed(ticket)
    await world.mailbox.until(3)
    await until(_is_all_sent, world)
    said = await world.said()
    await world.database.execute("delete from outbox")
    await world.database.execute("drop schema live cascade")
    await until(_is_there_again, world)
    await world.caught_up()
    assert await world.outbox() == []
    assert await world.said() == said
    assert len(world.mailbox.came) == 3


async def _is_there_again(world: World) -> bool:
    return await world.database.fetchval("select to_regclass('live.checkpoints')") is not None


@asynccontextmanager
async def _log_of(world: World, player: str) -> AsyncIterator[Log]:
    """The log alone: what is written there is not told while the player is stopped."""
    async with asyncpg.create_pool(world.settings.database_dsn(player), min_size=1) as pool:
        yield Log(player, pool, now=world.clock.now)


async def _open(world: World, log: Log) -> None:
    ids = {"account_id": world.account, "user_id": world.jane, "category_id": uuid4(), "message_id": uuid4()}
    data = intake.TicketOpened(number=7, subject="S", text="T", **ids)
    await log.append([Change(uuid4(), "ticket", 0, [NewEvent(data)], b"{}")], CAUSE, await log.now())
