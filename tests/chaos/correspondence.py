"""Mail in at a steady rate, each handed over again until it is taken; and what has to have come out for it."""

import asyncio
import smtplib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import Any
from uuid import uuid4

import asyncpg

from services.notify.domain.kinds import CHOICES
from services.notify.mail.sending import LEASE
from tests.infrastructure.cast import until
from tests.infrastructure.mailbox import Mailbox
from tests.infrastructure.product import Somebody
from tests.infrastructure.provider import Provider, eventually

SUPPORT, JOHN = "support@provider.example", "john@acme.example"
PATIENCE_SECONDS = 90.0
RETRY_SECONDS = 0.1


@dataclass
class Postman:
    """A mail server with mail for the provider."""

    port: int
    taken: list[str] = field(default_factory=list)
    """Texts of the mails that were answered with 250."""
    retries: int = 0

    async def run(self, seconds: float, rate: float) -> None:
        """Begin to hand over a mail every 1/rate seconds; return when all are taken."""
        async with asyncio.TaskGroup() as mails:
            for _ in range(int(seconds * rate)):
                mails.create_task(self._deliver(str(uuid4())))
                await asyncio.sleep(1 / rate)

    async def _deliver(self, text: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = f"John <{JOHN}>", SUPPORT, "Mail does not arrive"
        mail["Message-ID"] = f"<{text}@acme.example>"
        mail.set_content(text)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await asyncio.to_thread(partial(self._is_taken, mail)):
                self.retries += 1
                await asyncio.sleep(RETRY_SECONDS)
        self.taken.append(text)

    def _is_taken(self, mail: EmailMessage) -> bool:
        try:
            with smtplib.LMTP("127.0.0.1", self.port, timeout=10) as server:
                return server.send_message(mail) == {}
        except (OSError, smtplib.SMTPException):
            return False


async def introduced(provider: Provider) -> None:
    """Let John write to the provider, and nobody but him be told by mail."""
    await provider.admin.made("/api/intake/gateways", address=SUPPORT, category_id=provider.category_id)
    for person in (provider.admin, provider.client):
        await _wants_no_mail(person)
    john = await provider.admin.made("/api/accounts/users", account_id=provider.account_id, name="John", email=JOHN)
    ticket = {"user_id": john["id"], "category_id": provider.category_id, "subject": "s", "text": "The first of John's"}
    await eventually(lambda: provider.admin.post("/api/intake/tickets", **ticket))


async def _wants_no_mail(person: Somebody) -> None:
    choices = {"events": dict.fromkeys(CHOICES, "off")}
    assert await person.status("PUT", "/api/notify/me/preferences", choices, {"If-Match": "*"}) == 200


async def all_taken_in(intake: asyncpg.Connection) -> None:
    """Wait until each mail has become what it is; what the dead had begun is not waited for as long as usual."""
    await intake.execute("update mails set retry_at = null where state = 'received'")
    await until(_has_none, intake, "select count(*) from mails where state = 'received'")


async def all_told(notify: asyncpg.Connection, killed_at: datetime) -> None:
    """Wait until nothing is to be sent any more; leases of the dead are over at once."""
    await notify.execute(
        "update outbox set leased_until = '-infinity' where state = 'pending' and leased_until < $1", killed_at + LEASE
    )
    await until(_has_none, notify, "select count(*) from outbox where state = 'pending'")


async def _has_none(database: asyncpg.Connection, count: str) -> bool:
    return bool(await database.fetchval(count) == 0)


async def wrong_in_mails(notify: asyncpg.Connection, intake: asyncpg.Connection, mailbox: Mailbox) -> list[str]:
    """Tickets of which not one receipt was sent; mails that came never, or more than twice."""
    told = Counter(
        row["ticket"]
        for row in await notify.fetch("select ticket from outbox where kind = 'received' and state = 'sent'")
    )
    tickets = await intake.fetch("select distinct ticket_id from mails where state = 'ticket'")
    wrong = [f"{row[0]}: {told[row[0]]} receipts" for row in tickets if told[row[0]] != 1]
    came = Counter(str(mail["Message-ID"]) for mail in mailbox.came)
    sent = {f"<{row['id']}@localhost>" for row in await notify.fetch("select id from outbox where state = 'sent'")}
    wrong += [f"{mail} came {came[mail]} times" for mail in sent if came[mail] not in {1, 2}]
    return wrong + [f"{mail} came of nothing" for mail in came.keys() - sent]


def settings(mailbox: Mailbox, listen_port: int) -> dict[str, Any]:
    """By which mail comes in and goes out without much ado, and John may write as much as he likes."""
    quick = {"mail_retry_seconds": 1, "mail_settle_seconds": 1}
    unlimited = {"mails_per_minute": 60_000, "mail_sender_per_hour": 100_000}
    return {**mailbox.settings, "mail_listen_port": listen_port, **quick, **unlimited}
