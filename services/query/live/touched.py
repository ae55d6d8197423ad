"""A ticket to which something has happened, as it is and was: what lists decide by, and what their viewers are told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from services.query.domain import changes
from services.query.domain.changes import Place, Word, event
from services.query.domain.membership import Facts


@dataclass
class Touched:
    """`was` is how it was when all were told last, at the instant `was_at`; None if it was not to be seen. `before` is how
    it was before each of the changes since.

    It stands in the sequence at `place`, and is told up to the instant `told_at`. `now`, at the instant `at`, is None of a
    ticket that is gone.
    """

    ticket: str
    place: Place
    was: Facts | None
    was_at: int
    before: list[Facts]
    at: int
    told_at: int
    now: Facts | None = None
    is_by_time: bool = False
    """Whether nothing was done to it."""
    shown: Callable[[], str] | None = None
    """Makes JSON of the row that the list shows."""
    texts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Text that is looked for -> the tickets that have it."""

    @cached_property
    def number(self) -> int:
        return next(self.all_facts).number

    @cached_property
    def is_single(self) -> bool:
        """Whether there was nothing between how it was and how it is."""
        return len(self.before) <= 1 and (not self.before or self.was is self.before[0])

    @property
    def all_facts(self) -> Iterator[Facts]:
        if self.now is not None:
            yield self.now
        yield from self.before

    def has_text(self, text: str | None) -> bool:
        return text is None or self.ticket in self.texts.get(text, ())

    def word(self, body: bytes) -> Word:
        return Word(self.place, self.told_at, body)

    # Written once for all who are told.

    @cached_property
    def row(self) -> bytes:
        return event("ticket", self._json)

    @cached_property
    def row_in(self) -> bytes:
        """The row of a ticket that has come into the list."""
        return event("ticket", self._json.removesuffix("}") + ',"in":true}')

    @cached_property
    def gone(self) -> bytes:
        return changes.gone(self.ticket)

    @cached_property
    def out(self) -> bytes:
        return changes.out(self.ticket)

    @cached_property
    def _json(self) -> str:
        assert self.shown is not None
        return self.shown()
