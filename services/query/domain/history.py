"""What the history keeps of each event, and what of it a client may know."""

import re
from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any
from uuid import UUID

from libs.events.catalogue import EventData, content_of
from libs.events.catalogue import intake as told
from libs.events.catalogue.routing import DepartmentDecided
from libs.events.envelope import Event
from services.query.domain.ticket import Ticket

UNTOLD = {told.BlockRenewed.TYPE, DepartmentDecided.TYPE}
"""Left out of histories: a renewed block is no news, and a decision on a department is told when it is adopted."""

TRACKED = (
    "subject",
    "category_id",
    "project_id",
    "urgency",
    "tags",
    "state",
    "department_id",
    "responsible_id",
    "points",
    "due_at",
)
"""Properties whose changes are told. Each is changed by one service alone, so what it was before does not depend on the
order in which services are read.
"""

FOR_CLIENTS: Mapping[str, frozenset[str]] = {
    told.TicketOpened.TYPE: frozenset({"number", "category_id", "project_id", "urgency", "channel", "message_id"}),
    told.ClientReplied.TYPE: frozenset({"message_id", "author_id", "channel"}),
    told.TicketAnswered.TYPE: frozenset({"message_id", "author_id"}),
    told.AutoCloseWarned.TYPE: frozenset({"message_id", "closes_at"}),
    told.AnswerRated.TYPE: frozenset({"message_id", "user_id", "rating"}),
    told.TicketClosed.TYPE: frozenset({"reason"}),
    told.TicketReopened.TYPE: frozenset(),
}
"""What a client may know to have happened, and which of its facts; the rest is the provider's own business."""

# Points are routing's here: those of an escalation come from another service, and are told by its own event.
_snapshot = attrgetter(*("weighed_points" if name == "points" else name for name in TRACKED))
Snapshot = tuple[Any, ...]


def snapshot(ticket: Ticket) -> Snapshot:
    values: Snapshot = _snapshot(ticket)
    return values


def changes(before: Snapshot, after: Snapshot) -> dict[str, dict[str, Any]]:
    """What changed, from what to what."""
    if before == after:
        return {}
    pairs = zip(TRACKED, before, after, strict=True)
    return {name: {"from": was, "to": now} for name, was, now in pairs if was != now}


def facts_in(event: Event, kind: type[EventData]) -> dict[str, Any]:
    """What the history says about an event, as it was told in its version: all but what people wrote."""
    written = content_of(kind)
    return {name: value for name, value in event.data.items() if name not in written}


def is_news_for_clients(data: EventData) -> bool:
    """Whether an event may change what the account's users see of their ticket; of all others they are not even told."""
    if data.TYPE == told.TicketEdited.TYPE and isinstance(data, told.TicketEdited):
        return set(data.changed) != {told.Property.TAGS}
    return data.TYPE == told.AnswerRead.TYPE or data.TYPE in FOR_CLIENTS


def for_client(entry: dict[str, Any], is_user: Callable[[str], bool]) -> dict[str, Any]:
    """What a client is told of an entry: not which of the staff did something, but for who wrote or acted as a user."""
    facts = {name: entry["facts"][name] for name in FOR_CLIENTS[entry["type"]] & entry["facts"].keys()}
    return {**entry, "actor": _actor_for_client(entry, is_user), "facts": facts, "changes": {}}


def _actor_for_client(entry: dict[str, Any], is_user: Callable[[str], bool]) -> str:
    actor: str = entry["actor"]
    kind, _, identity = actor.partition(":")
    if kind != "user":
        return "system"
    is_known = is_user(identity) or entry["on_behalf_of"] is not None or entry["type"] == told.TicketAnswered.TYPE
    return actor if is_known else "staff"


def ids_in(value: Any) -> Iterator[UUID]:
    """Whatever looks like the id of someone or something, wherever it is; an actor is one with its kind before it."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from ids_in(one)
    elif isinstance(value, str) and (found := _ID.fullmatch(value)):
        yield UUID(found[1])


_ID = re.compile(r"(?:\w+:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)
