"""What is to be appended, as the arguments of `log_append`: column by column."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from libs.events import envelope
from libs.events.envelope import Cause
from libs.service.ids import Ids

if TYPE_CHECKING:
    from libs.events.log import Change, Key


@dataclass(frozen=True, slots=True)
class Append:
    """The changes of one command, decided at `now`."""

    changes: Sequence["Change"]
    cause: Cause
    now: datetime
    key: "Key | None"

    @property
    def checked_time(self) -> datetime | None:
        """None when all events are stamped with instants of their own: they may be before what the log promised."""
        return None if all(event.time for change in self.changes for event in change.events) else self.now


@dataclass(slots=True)
class Columns:
    """Rows of idempotency keys, of entities and of events; `ends` says how many events there are up to each append."""

    service: str
    ids: Ids
    keys: tuple[list[Any], ...] = field(default_factory=lambda: ([], [], [], []))
    entities: tuple[list[Any], ...] = field(default_factory=lambda: ([], [], [], [], [], []))
    events: tuple[list[Any], ...] = field(default_factory=lambda: ([], [], [], [], [], []))
    ends: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, appends: Sequence[Append], service: str, ids: Ids) -> "Columns":
        columns = cls(service, ids)
        for append in appends:
            for change in append.changes:
                columns._add_events(change, append.cause, append.now)
            columns.ends.append(len(columns.events[0]))
        # Sorted, so that two transactions which write the same rows take them in the same order.
        for change in sorted((change for append in appends for change in append.changes), key=lambda c: c.entity):
            columns._add_entity(change)
        columns._add_keys(appends)
        return columns

    @property
    def arguments(self) -> tuple[list[Any], ...]:
        return (*self.keys, *self.entities, *self.events)

    def _add_keys(self, appends: Sequence[Append]) -> None:
        for append, end in sorted(zip(appends, self.ends, strict=True), key=_key):
            if append.key:
                _add(self.keys, (append.key.value, append.key.fingerprint, append.changes[0].entity, end))

    def _add_entity(self, change: "Change") -> None:
        version = change.expected + len(change.events)
        row = (change.entity, change.kind, change.expected, version, change.state.decode(), change.due_at)
        _add(self.entities, row)

    def _add_events(self, change: "Change", cause: Cause, now: datetime) -> None:
        for version, event in enumerate(change.events, change.expected + 1):
            event_id, time, data = self.ids(), event.time or now, event.data
            written = envelope.encode(
                event_id, data.TYPE, self.service, change.entity, version, time, cause, data.model_dump_json()
            )
            _add(self.events, (event_id, change.entity, version, data.TYPE, time, written))


def _key(ended: tuple[Append, int]) -> str:
    append, _ = ended
    return append.key.value if append.key else ""


def _add(columns: tuple[list[Any], ...], row: tuple[Any, ...]) -> None:
    for column, value in zip(columns, row, strict=True):
        column.append(value)
