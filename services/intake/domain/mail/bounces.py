"""What a bounce says: which mail came back, and why. By RFC 3464, and by what servers write that do not keep to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from uuid import UUID

import re2

from services.intake.domain.mail import headers
from services.intake.domain.mail.charsets import decoded
from services.intake.domain.mail.parsing import Mail, content_of

_STATUS = re2.compile(r"\b([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")
_NOTIFICATION = re2.compile(r"^([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})@")
"""The Message-ID of the suite's own mails."""
_NO_FAILURE = {"delayed", "delivered", "relayed", "expanded"}


@dataclass(frozen=True, slots=True)
class Bounce:
    """`has_failed` is False for word that a mail is late, has arrived after all, or was read."""

    has_failed: bool
    status: str | None
    """The enhanced status code of RFC 3463."""
    notification: UUID | None
    """Which notification it was, by the Message-ID that came back."""


def bounce(mail: Mail) -> Bounce:
    reports = list(_reports(mail.message))
    actions = {headers.text(report, "action").lower() for report in reports} - {""}
    statuses = [found[1] for report in reports if (found := _STATUS.search(headers.text(report, "status")))]
    ids = [one for back in returned(mail) for one in headers.message_ids(back, "message-id")]
    return Bounce(
        has_failed=_is_of_delivery(mail.message) and (not actions or not actions <= _NO_FAILURE),
        status=next(iter(statuses), None),
        notification=next((UUID(found[1]) for one in ids if (found := _NOTIFICATION.search(one))), None),
    )


def returned(mail: Mail) -> list[Message]:
    """The mails that a bounce gives back, or their headers."""
    found = []
    for part in mail.message.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            if part.is_multipart():
                found += [one for one in part.get_payload() if isinstance(one, Message)]
            else:
                found.append(headers.parsed_headers(decoded(content_of(part), None)))
    return found


def _is_of_delivery(message: Message) -> bool:
    """Reports are also of mail that was read, or complained of."""
    kind = message.get_param("report-type", "delivery-status")
    return isinstance(kind, str) and kind.lower() == "delivery-status"


def _reports(message: Message) -> Iterator[Message]:
    """What is said of each recipient, and of the mail as a whole."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (one for one in part.get_payload() if isinstance(one, Message))
