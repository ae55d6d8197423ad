"""What is to be appended, as the arguments of `log_append`: column by column."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from libs.events import envelope
from libs.events.envelope import Cause
from libs.service.ids import Ids

if TYPE_CHECKING:
    from libs.events.log import Change, Key


def arguments(
    changes: Sequence["Change"], cause: Cause, now: datetime, key: "Key | None", *, service: str, ids: Ids
) -> list[Any]:
    """One list a column; the time is to be checked unless all events are stamped with instants of their own."""
    check = None if all(event.time for change in changes for event in change.events) else now
    value, fingerprint = (key.value, key.fingerprint) if key else (None, None)
    # Sorted, so that two transactions which change the same entities take their rows in the same order.
    ordered = sorted(changes, key=lambda change: change.entity) if len(changes) > 1 else changes
    entities = [_entity(change) for change in ordered]
    events = [row for change in ordered for row in _events(change, cause, now, service, ids)]
    columns = (*zip(*entities, strict=True), *zip(*events, strict=True))
    return [check, value, fingerprint, changes[0].entity, *map(list, columns)]


def _entity(change: "Change") -> tuple[UUID, str, int, int, str, datetime | None]:
    version = change.expected + len(change.events)
    return change.entity, change.kind, change.expected, version, change.state.decode(), change.due_at


def _events(
    change: "Change", cause: Cause, now: datetime, service: str, ids: Ids
) -> Iterator[tuple[UUID, UUID, int, str, datetime, str]]:
    for version, event in enumerate(change.events, change.expected + 1):
        event_id, time, data = ids(), event.time or now, event.data
        why = _by_time(cause, service) if event.time else cause
        written = envelope.encode(
            event_id, data.TYPE, service, change.entity, version, time, why, data.model_dump_json()
        )
        yield event_id, change.entity, version, data.TYPE, time, written


def _by_time(cause: Cause, service: str) -> Cause:
    """What fell due is nobody's doing, whoever's command it was that noticed."""
    return replace(cause, actor=f"service:{service}", on_behalf_of=None, causation=None)
