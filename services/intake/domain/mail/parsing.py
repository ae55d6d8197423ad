"""A mail's bytes to what it says: who wrote, what, answering what, and which files came along."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import compat32

from services.intake.domain.mail import flowed, headers
from services.intake.domain.mail.charsets import decoded
from services.intake.domain.mail.html import LONGEST as LONGEST_HTML
from services.intake.domain.mail.html import markdown

MOST_PARTS = 500
DEEPEST = 50
LONGEST_TEXT = 100_000
"""Characters of a message, as everywhere in the suite; a longer one comes along whole as a file."""
LONGEST_SUBJECT = 200
NO_SUBJECT = "(no subject)"
NO_TEXT = "(no text)"
CUT = "\n\n[…]"


class Unreadable(Exception):
    """No mail can be made of these bytes. It says why, in words of ours."""


@dataclass(frozen=True, slots=True)
class File:
    """What came along, to be judged like any upload."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it is read. Addresses are plain and lower case; `text` is Markdown."""

    message: Message
    message_id: str
    senders: tuple[str, ...]
    recipients: tuple[str, ...]
    subject: str
    references: tuple[str, ...]
    """Message-IDs that it answers, the nearest first."""
    text: str
    files: tuple[File, ...]


def parsed(raw: bytes) -> Mail:
    """Raises Unreadable."""
    message = _message(raw)
    parts = list(_parts(message))
    text = _text(parts)
    files = [_file(number, part) for number, (part, is_body) in enumerate(parts, 1) if not is_body]
    files += [File("message.txt", content_of(part)) for part, is_body in parts if is_body and _is_long_html(part)]
    if len(text) > LONGEST_TEXT:
        files.insert(0, File("message.txt", text.encode()))
        text = text[: LONGEST_TEXT - len(CUT)] + CUT
    return Mail(
        message=message,
        message_id=message_id_of(message),
        senders=tuple(headers.addresses(message, "from")),
        recipients=tuple(
            headers.addresses(message, "delivered-to", "x-original-to", "envelope-to", "to", "cc", "resent-to")
        ),
        subject=headers.text(message, "subject")[:LONGEST_SUBJECT].strip() or NO_SUBJECT,
        references=_references(message),
        text=text or NO_TEXT,
        files=tuple(one for one in files if one.content),
    )


def unread(raw: bytes) -> Mail:
    """A mail that nobody can read, for a person to look at: all of it is a file."""
    empty = message_from_bytes(b"", policy=compat32)
    return Mail(empty, "", (), (), NO_SUBJECT, (), NO_TEXT, (File("mail.eml", raw),))


def message_id_of(message: Message) -> str:
    return next(iter(headers.message_ids(message, "message-id")), "")


def message_of(raw: bytes) -> Message:
    """The headers alone, for whoever cannot wait for the rest; of anything at all."""
    head = raw[:65536].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return message_from_bytes(head + b"\n\n", policy=compat32)


_OF_THE_WAY = ("message-id", "from", "to", "date", "subject")


def fingerprint(raw: bytes) -> bytes:
    """What makes it this mail, however often and by which way it comes: SHA-256 of what its writer gave it, and its body.

    What servers add on the way differs from one delivery of the same mail to the next. Without both a Message-ID and a
    date nothing tells a second mail from a retry, so everything counts then.
    """
    message = message_of(raw)
    given = {name: headers.all_raw(message, name) for name in _OF_THE_WAY}
    unified = raw.replace(b"\r\n", b"\n")
    body = unified.partition(b"\n\n")[2].rstrip(b"\n")
    if not given["message-id"] and not given["date"]:
        return hashlib.sha256(unified).digest()
    named = repr([(name, [" ".join(one.split()) for one in values]) for name, values in given.items()])
    return hashlib.sha256(named.encode("utf-8", "surrogateescape") + b"\0" + body).digest()


def _message(raw: bytes) -> Message:
    try:
        return message_from_bytes(raw, policy=compat32)
    except (MessageError, RecursionError, ValueError, LookupError, IndexError) as error:
        raise Unreadable(f"its parts cannot be told apart ({type(error).__name__})") from None


def _references(message: Message) -> tuple[str, ...]:
    nearest = headers.message_ids(message, "in-reply-to")
    return tuple(dict.fromkeys([*nearest, *reversed(headers.message_ids(message, "references"))]))[:100]


# --- parts ----------------------------------------------------------------------------------------


def _parts(message: Message) -> Iterator[tuple[Message, bool]]:
    """Each part that is not a mere wrapping, and whether it is (an alternative of) the text."""
    pending: list[tuple[Message, int, bool]] = [(message, 0, True)]
    count = 0
    while pending:
        part, depth, is_text = pending.pop()
        count += 1
        if count > MOST_PARTS or depth > DEEPEST:
            raise Unreadable("it has too many parts")
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            is_text = is_text and part.get_content_subtype() != "report"
            within = [one for one in part.get_payload() if isinstance(one, Message)]
            pending += [(one, depth + 1, is_text or one is within[0]) for one in reversed(within)]
        else:
            yield part, is_text and _is_text(part)


def _is_text(part: Message) -> bool:
    named = part.get_filename() is not None or part.get_content_disposition() == "attachment"
    return part.get_content_type() in {"text/plain", "text/html"} and not named


def _is_long_html(part: Message) -> bool:
    return part.get_content_type() == "text/html" and len(content_of(part)) > LONGEST_HTML


def _text(parts: list[tuple[Message, bool]]) -> str:
    """Plain text where there is some, else what the HTML says."""
    plain = [_unflowed(part) for part, is_body in parts if is_body and part.get_content_type() == "text/plain"]
    text = "\n\n".join(one.strip() for one in plain if one.strip())
    if text:
        return "\n".join(line.rstrip() for line in text.splitlines())
    htmls = [_decoded(part) for part, is_body in parts if is_body and part.get_content_type() == "text/html"]
    return "\n\n".join(filter(None, (markdown(one) for one in htmls)))


def _unflowed(part: Message) -> str:
    text = _decoded(part)
    if (_parameter(part, "format") or "").lower() != "flowed":
        return text
    return flowed.joined(text, deletes_spaces=(_parameter(part, "delsp") or "").lower() == "yes")


def _decoded(part: Message) -> str:
    return decoded(content_of(part), _parameter(part, "charset"))


def content_of(part: Message) -> bytes:
    """What is in it, without the way it was encoded."""
    if part.is_multipart():
        return b"\n".join(_whole(one) for one in part.get_payload() if isinstance(one, Message))
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError):
        content = None
    return content if isinstance(content, bytes) else _whole(part)


def _whole(message: Message) -> bytes:
    """A mail within a mail."""
    try:
        return message.as_bytes()
    except (MessageError, ValueError, LookupError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        # The library cannot write down all that it reads.
        lines = [f"{name}: {value}" for name, value in message.raw_items()]
        return "\n".join(lines).encode("utf-8", "replace")


def _parameter(part: Message, name: str) -> str | None:
    try:
        value = part.get_param(name)
    except (ValueError, IndexError, LookupError):
        return None
    return value if isinstance(value, str) else (value[2] if value else None)


_ENDINGS = {
    "text/calendar": "ics",
    "application/ms-tnef": "dat",
    "message/rfc822": "eml",
    "text/html": "txt",
    "text/plain": "txt",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "application/pdf": "pdf",
}


def _file(number: int, part: Message) -> File:
    """Named as its sender named it, or by its place: nothing that came is left out for want of a name."""
    ending = _ENDINGS.get(part.get_content_type(), "bin")
    return File(_name(part) or f"part-{number}.{ending}", content_of(part))


def _name(part: Message) -> str:
    try:
        found = part.get_filename()
    except (ValueError, LookupError, IndexError, TypeError):
        return ""
    return headers.decoded_value(found) if found else ""
