"""Headers as people see them: encoded words, bare 8-bit bytes and broken ones, all to text in one line."""

import re
from collections.abc import Sequence
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32
from email.utils import getaddresses

import re2

from services.intake.domain.mail.charsets import clean, decoded

LONGEST = 10_000
"""Characters of a header that are looked at."""
MOST_ADDRESSES = 200

_FOLD = re.compile(r"[\r\n]+[ \t]*")
_MESSAGE_ID = re2.compile(r"<([^<>\s]{1,500})>")
_ADDRESS = re2.compile(r"[^\s@<>\x00]{1,200}@[^\s@<>\x00]{1,255}")


def all_raw(message: Message, name: str) -> list[str]:
    """Every header of this name as it stands, folded and with bytes as surrogates."""
    return [value[:LONGEST] for key, value in message.raw_items() if key.lower() == name and isinstance(value, str)]


def text(message: Message, name: str) -> str:
    """The first header of this name; empty if there is none."""
    found = all_raw(message, name)
    return decoded_value(found[0]) if found else ""


def addresses(message: Message, *names: str) -> list[str]:
    """Plain addresses, lower case, in their order; without what is none."""
    values = [_raw_text(value) for name in names for value in all_raw(message, name)]
    try:
        found = [address.lower() for _, address in getaddresses(values)]
    except (ValueError, IndexError, RecursionError):  # the library's parser is not proof against everything
        return []
    return [one for one in dict.fromkeys(found) if _ADDRESS.fullmatch(one)][:MOST_ADDRESSES]


def message_ids(message: Message, *names: str) -> list[str]:
    """What stands in angle brackets, in its order."""
    values = " ".join(_raw_text(value) for name in names for value in all_raw(message, name))
    return list(dict.fromkeys(_MESSAGE_ID.findall(values)))


def decoded_value(value: str) -> str:
    """A value with encoded words in it."""
    try:
        parts: Sequence[tuple[bytes | str, str | None]] = decode_header(_raw_text(value))
    except (MessageError, ValueError):
        return _in_one_line(_raw_text(value))
    return _in_one_line("".join(p if isinstance(p, str) else decoded(p, charset) for p, charset in parts))


def _raw_text(value: str) -> str:
    """Unfolded; bytes that should not be there are read as any other text of unknown charset."""
    unfolded = _FOLD.sub(" ", value)
    return clean(unfolded) if unfolded.isascii() else decoded(unfolded.encode("utf-8", "surrogateescape"), None)


def _in_one_line(value: str) -> str:
    return " ".join(clean(value).split())


def parsed_headers(value: str) -> Message:
    """Headers that stand as text in another mail."""
    return HeaderParser(policy=compat32).parsestr(value[: 10 * LONGEST])
