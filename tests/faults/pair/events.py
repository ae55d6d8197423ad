"""The event types of the pair; the second version of one proves upcasting."""

from typing import Any, ClassVar

from libs.events.catalogue.base import Catalogue, EventData, Written


class NoteWrittenV1(EventData):
    """Somebody wrote on a note (before titles were told apart)."""

    TYPE: ClassVar[str] = "note.written.v1"
    EXAMPLE: ClassVar[dict[str, Any]] = {"line": "hello"}
    line: Written


class NoteWritten(EventData):
    """Somebody wrote on a note."""

    TYPE: ClassVar[str] = "note.written.v2"
    PREVIOUS = NoteWrittenV1
    EXAMPLE: ClassVar[dict[str, Any]] = {"title": "", "line": "hello"}
    title: Written = ""
    line: Written

    @classmethod
    def upcast(cls, data: dict[str, Any]) -> dict[str, Any]:
        return {"title": "", **data}


class NoteExpired(EventData):
    """Nobody wrote on a note for a while."""

    TYPE: ClassVar[str] = "note.expired.v1"
    EXAMPLE: ClassVar[dict[str, Any]] = {}


class NoteDeleted(EventData):
    """A note was deleted; its content is erased."""

    TYPE: ClassVar[str] = "note.deleted.v1"
    EXAMPLE: ClassVar[dict[str, Any]] = {}


class NoteCounted(EventData):
    """The mirror's decision about a note: how many lines it has seen."""

    TYPE: ClassVar[str] = "note.counted.v1"
    EXAMPLE: ClassVar[dict[str, Any]] = {"lines": 1, "of_version": 1}
    lines: int
    of_version: int


CATALOGUE = Catalogue([NoteWrittenV1, NoteWritten, NoteExpired, NoteDeleted, NoteCounted])
