"""A mail as it goes out: text and HTML of the same words, and the headers by which mail programs keep a thread together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from html import escape
from uuid import UUID

from libs.service.markdown import rendered
from services.notify.domain.wording import Words


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom mail comes from: `Helpdesk <helpdesk@provider.example>`."""

    address: str

    @property
    def domain(self) -> str:
        return parseaddr(self.address)[1].rpartition("@")[2]

    @property
    def plain(self) -> str:
        return parseaddr(self.address)[1]


_MOST_REFERENCES = 20
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,500}")
"""What of others' may stand in a header: no angle brackets, and nothing that would have to be encoded."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A mail that is answered; `references` are the Message-IDs that it refers to itself, the oldest first."""

    message_id: str | None = None
    references: Sequence[str] = ()

    @property
    def thread(self) -> list[str]:
        """What the answer refers to, itself the last: with the first, where there are too many. Empty if it has no id."""
        if self.message_id is None or not _MESSAGE_ID.fullmatch(self.message_id):
            return []
        found = [one for one in self.references if one != self.message_id and _MESSAGE_ID.fullmatch(one)]
        return [*found[:1], *found[1:][2 - _MOST_REFERENCES :], self.message_id]


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a mail is made of. `id` makes its Message-ID: whatever is sent again under it is the same mail."""

    id: UUID
    at: datetime
    name: str
    address: str
    language: str
    words: Words
    ticket: UUID | None = None
    reply_to: str | None = None
    unsubscribe: str | None = None
    """A link that takes a POST."""
    answers: Answered | None = None
    """Somebody's mail that this is the automatic answer to (RFC 3834)."""


class _Policy(EmailPolicy):
    """Leaves links and Message-IDs whole, a line each: the library makes encoded words of those that are longer than a line,
    which mail programs understand in text alone.
    """

    _WHOLE = frozenset({"in-reply-to", "references", "list-unsubscribe"})

    def fold(self, name: str, value: str) -> str:
        if name.lower() in self._WHOLE:
            return f"{name}: {f'{self.linesep} '.join(value.split())}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode() if name.lower() in self._WHOLE else super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n")


def message(letter: Letter, sender: Sender) -> EmailMessage:
    """Raises ValueError for an address that cannot stand in a header."""
    made = EmailMessage(_POLICY)
    made["From"] = _mailbox(*parseaddr(sender.address))
    made["To"] = _mailbox(letter.name, letter.address)
    made["Subject"] = letter.words.subject
    made["Date"] = format_datetime(letter.at)
    made["Message-ID"] = f"<{letter.id}@{sender.domain}>"
    if letter.ticket:
        root = f"<ticket.{letter.ticket}@{sender.domain}>"
        made["In-Reply-To"] = made["References"] = root
    if letter.answers and (thread := letter.answers.thread):
        made["In-Reply-To"] = f"<{thread[-1]}>"
        made["References"] = " ".join(f"<{one}>" for one in thread)
    if letter.reply_to:
        made["Reply-To"] = _mailbox(*parseaddr(letter.reply_to))
    if letter.unsubscribe:
        made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made["Auto-Submitted"] = "auto-replied" if letter.answers else "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(letter.words.body, cte="quoted-printable")
    made.add_alternative(as_html(letter.words, letter.language), subtype="html", cte="quoted-printable")
    made["Content-Language"] = letter.language  # of the whole: before, it would have become the text part's
    return made


def _mailbox(name: str, address: str) -> Address:
    return Address(" ".join(name.split()), addr_spec=address)


def as_html(words: Words, language: str) -> str:
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"><title>{escape(words.subject)}</title>'
        f"</head><body>{rendered(words.body)}</body></html>"
    )
