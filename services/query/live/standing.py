"""How far the changes have been read."""

from dataclasses import dataclass, field

from services.query.domain.changes import Place, Word


@dataclass(slots=True)
class Standing:
    """Up to a place, and for what comes by time up to an instant (microseconds).

    `is_whole` is False while changes are known to be left, which rows may show already.
    """

    place: Place = field(default_factory=lambda: Place(0, 0))
    at: int = 0
    is_whole: bool = False

    def word(self, body: bytes) -> Word:
        return Word(self.place, self.at, body)
