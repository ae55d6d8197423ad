"""Tickets that come by mail and are answered by mail, with a word of its own in every place that takes content."""

import asyncio
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import getaddresses
from itertools import count
from uuid import UUID

from tests.acceptance.erasure.running import Running
from tests.acceptance.erasure.traces import Words
from tests.acceptance.erasure.written import Written
from tests.infrastructure.mailbox import Mailbox, text_of
from tests.infrastructure.provider import Provider

SUPPORT, JANE, STRANGER = "support@provider.example", "jane@acme.example", "stranger@home.example"


@dataclass
class Post:
    """A mail server on either side of the product."""

    product: Running
    provider: Provider
    mailbox: Mailbox
    port: int
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def bring(self, mail: EmailMessage, *, to: str = SUPPORT, sender: str = JANE) -> UUID:
        """Hand a mail over, and wait until something has become of it; its id in intake."""

        def hand_over() -> None:
            with smtplib.LMTP("127.0.0.1", self.port) as server:
                server.sendmail(sender, to, mail.as_bytes())

        await asyncio.to_thread(hand_over)
        found = "select exists (select from mails where message_id = $1 and state <> 'received')"
        message_id = mail["Message-ID"].strip("<>")
        await self.product.until("intake", found, message_id)
        one: UUID = await self.product.asked("intake", "select id from mails where message_id = $1", message_id)
        return one

    def letter(self, words: Words, *text: str, sender: str = JANE, **headers: str) -> EmailMessage:
        """As a program writes it that says much in headers, where only the mail as it came in keeps it."""
        made = EmailMessage()
        usual = {
            "Message-ID": f"<{next(self._numbers)}.{words.new()}@acme.example>",
            "From": f"{words.new()} <{sender}>",
            "To": SUPPORT,
            "Date": "Mon, 05 Jan 2026 10:00:00 +0100",
            "Subject": words.new(),
            "X-Organisation": words.new(),
        }
        for name, value in {**usual, **headers}.items():
            made[name] = value
        made.set_content("\n".join(text))
        return made


async def write_by_mail(post: Post, words: Words) -> Written:
    """A client writes with files, is answered, and answers; and a mail about it comes back."""
    first = post.letter(words, words.new(), "", f"-- {words.new()}")
    first.add_attachment(f"{words.new()} log\n", filename=f"{words.new()}.txt")
    first.add_attachment(b"MZ" + bytes(200), "application", "octet-stream", filename=f"{words.new()}.exe")
    opened = await post.bring(first)
    ticket: UUID = await post.product.asked("intake", "select ticket_id from mails where id = $1", opened)
    answer = words.new()
    token = await answer_with(post, ticket, answer)
    sent = await post.mailbox.having(answer)
    (_, reply_to), *_ = getaddresses([sent["Reply-To"]])
    quoted = "\n".join(f"> {line}" for line in f"{words.new()}\n{text_of(sent)}".splitlines())
    await post.bring(post.letter(words, words.new(), "", "Support wrote:", quoted), to=reply_to)
    await post.bring(_bounce(post, words, sent), sender="")
    return Written(str(ticket), await _files(post, ticket, token), token)


async def answer_with(post: Post, ticket: UUID, text: str) -> str:
    """An administrator answers; the Consistency-Token."""
    path, admin = f"/api/intake/tickets/{ticket}", post.provider.admin
    block = (await admin.made(f"{path}/block"))["block"]
    answered = await admin.post(f"{path}/replies", text=text, token=block["token"])
    assert answered.is_success, answered.text
    return answered.headers["Consistency-Token"]


async def _files(post: Post, ticket: UUID, token: str) -> list[str]:
    details = await post.provider.admin.get(f"/api/query/tickets/{ticket}", after=token)
    return [file["id"] for message in details.json()["messages"] for file in message["attachments"]]


def _bounce(post: Post, words: Words, sent: EmailMessage) -> EmailMessage:
    """The mail that was sent, in full, as the server behind the relay sends it back."""
    made = post.letter(words, sender="mailer-daemon@acme.example")
    made.set_content(f"{words.new()} could not be delivered.")
    made.add_attachment(sent)
    made.set_type("multipart/report")
    made.set_param("report-type", "delivery-status")
    return made
