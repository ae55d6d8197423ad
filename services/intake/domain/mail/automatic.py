"""Whether a machine sent a mail: it opens nothing and is answered by nothing, or machines would talk for ever.

By RFC 3834 and by what programs really write.
"""

from uuid import UUID

import re2

from services.intake.domain.mail import headers
from services.intake.domain.mail.parsing import Mail

_ROBOTS = ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@", "do-not-reply@", "donotreply@")
_PRECEDENCE = {"bulk", "list", "junk", "auto_reply", "auto-reply"}
_MARKS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-loop", "x-failed-recipients")
BOUNCE = "bounce"
_LISTS = ("list-id", "list-post", "list-unsubscribe")

OF_TICKET = re2.compile(r"^ticket\.([0-9a-fA-F-]{36})@")
"""What the suite's own mails about a ticket refer to."""


def why_automatic(mail: Mail, envelope_sender: str | None, own: frozenset[str]) -> str | None:
    """`bounce`, `automatic`, `list` or `loop`; None for what a person wrote. `own` are the gateways' addresses."""
    message = mail.message
    if message.get_content_type() == "multipart/report" or (envelope_sender == "" and _is_from_daemon(mail)):
        return BOUNCE
    if own.intersection(mail.senders):
        return "loop"
    submitted = headers.text(message, "auto-submitted").partition(";")[0].strip().lower()
    precedence = headers.text(message, "precedence").lower()
    if any(headers.all_raw(message, name) for name in _LISTS) or precedence == "list":
        return "list"
    marked = any(headers.all_raw(message, name) for name in _MARKS) or precedence in _PRECEDENCE
    robot = any(sender.startswith(_ROBOTS) for sender in mail.senders)
    return "automatic" if submitted not in {"", "no"} or marked or robot or envelope_sender == "" else None


def _is_from_daemon(mail: Mail) -> bool:
    return any(sender.startswith(_ROBOTS[:2]) for sender in mail.senders)


def ticket_named(message_ids: tuple[str, ...]) -> UUID | None:
    """The ticket that one of our own Message-IDs names."""
    for one in message_ids:
        if found := OF_TICKET.search(one):
            try:
                return UUID(found[1])
            except ValueError:
                continue
    return None
