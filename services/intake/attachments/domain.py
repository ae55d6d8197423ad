"""What may be attached, by whom, and who may read it. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from uuid import UUID

from libs.events.catalogue.intake import Attachment
from libs.service.caller import Caller
from libs.service.problems import Invalid
from services.intake.attachments.problems import TypeRefused
from services.intake.domain.asker import Asker
from services.intake.domain.ticket import Status, Ticket

INLINE_TYPES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
"""What a browser may show in place; it only decodes these, and never runs them."""

_ACTIVE_TYPES = frozenset(
    {
        "application/javascript",
        "application/xhtml+xml",
        "application/xml",
        "image/svg+xml",
        "text/html",
        "text/javascript",
        "text/xml",
    }
)
OPAQUE = "application/octet-stream"

MAX_NAME_BYTES = 255
"""What file systems take."""


class State(StrEnum):
    """Where a file is in its life; it never goes back."""

    RECEIVING = "receiving"
    READY = "ready"
    CLAIMED = "claimed"
    REMOVING = "removing"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a message may claim."""

    id: UUID
    owner: str
    state: State
    name: str
    content_type: str
    size: int
    sha256: bytes = b""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may come with one message."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class TypePolicy:
    """Types by pattern (`image/*`) and endings of names, lower case; what is refused is so even if it is allowed."""

    allowed: Sequence[str]
    refused: Sequence[str]
    refused_endings: frozenset[str]

    def require(self, name: str, content_type: str) -> None:
        """Raise TypeRefused unless this may be attached.

        The content is judged as well as the ending, because a browser goes by the one and a desktop by the other.
        """
        if not _matches(content_type, self.allowed) or _matches(content_type, self.refused):
            raise TypeRefused(f"Files of the type {content_type} are not taken", content_type=content_type)
        ending = PurePosixPath(name.lower()).suffix.removeprefix(".")
        if ending in self.refused_endings:
            raise TypeRefused(f"Files named .{ending} are not taken", content_type=content_type)


def _matches(content_type: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(content_type, pattern) for pattern in patterns)


def owner_of(caller: Caller) -> str:
    """Who uploads; an administrator who acts as a client is neither of the two alone."""
    return f"{caller.actor} for {caller.on_behalf_of}" if caller.on_behalf_of else caller.actor


# --- names ----------------------------------------------------------------------------------------

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Control and format characters: with them `gpj.exe` can be made to look like `exe.jpg`."""


def clean_name(given: str) -> str:
    """The name without folders and without characters that are not seen; empty if nothing is left.

    A long one is shortened in the middle of its stem, so that it keeps its ending.
    """
    last = re.split(r"[/\\]", given)[-1]
    seen = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char) not in _HIDDEN)
    name = seen.strip().rstrip(". ")
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    ending = PurePosixPath(name).suffix if len(PurePosixPath(name).suffix.encode()) < MAX_NAME_BYTES // 2 else ""
    return _cut(name.removesuffix(ending), MAX_NAME_BYTES - len(ending.encode())) + ending


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


# --- claiming -------------------------------------------------------------------------------------


def claimed(asked: Sequence[UUID], found: Mapping[UUID, Upload], owner: str, limits: Limits) -> list[Attachment]:
    """The files as the message's event tells of them; Invalid if one is not the writer's to use, or all are too much."""
    if len(set(asked)) < len(asked):
        raise Invalid.at("/attachment_ids", "A file is named twice")
    if len(asked) > limits.files:
        raise Invalid.at("/attachment_ids", f"A message takes {limits.files} files at most")
    uploads = [_own(place, found.get(one), owner) for place, one in enumerate(asked)]
    if sum(upload.size for upload in uploads) > limits.bytes:
        raise Invalid.at("/attachment_ids", f"The files of a message have {limits.bytes} bytes at most")
    return [
        Attachment(id=upload.id, name=upload.name, content_type=upload.content_type, size=upload.size)
        for upload in uploads
    ]


def _own(place: int, upload: Upload | None, owner: str) -> Upload:
    """Another's upload is answered like one that is not there."""
    if upload is None or upload.owner != owner or upload.state is not State.READY:
        raise Invalid.at(f"/attachment_ids/{place}", "This is no upload of yours that is still to be used")
    return upload


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """A file that a message of a ticket holds; `internal` when that message is a note."""

    id: UUID
    ticket: Ticket
    internal: bool
    name: str
    content_type: str
    size: int
    sha256: bytes


def may_read(held: Held, asker: Asker) -> bool:
    """As the ticket: its account without notes, administrators where they may read, and systems, which read whole logs."""
    if held.ticket.status is Status.DELETED:
        return False
    return not asker.caller.is_user or (asker.sees(held.ticket) and not (asker.is_client and held.internal))


def served_type(content_type: str) -> str:
    """The type to serve it as: what a browser could run goes out as mere bytes."""
    return OPAQUE if content_type in _ACTIVE_TYPES else content_type


def is_shown(content_type: str) -> bool:
    return content_type in INLINE_TYPES
