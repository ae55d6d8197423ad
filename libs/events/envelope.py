"""The envelope every event travels in: CloudEvents 1.0, structured JSON.

An event is stored without its place in the log (`epoch`, `position`, `predecessor`), because only the tail knows the
predecessor; `place` adds the three when the event leaves the log. Positions are decimal strings in JSON: CloudEvents
integers have 32 bits.
"""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

PARTITIONS = 16


@dataclass(frozen=True, slots=True)
class Cause:
    """Who did it, on whose behalf, and why: what every change must name."""

    actor: str
    """`user:<uuid>`, `system:<key id>` or `service:<name>`."""
    correlation: str
    on_behalf_of: str | None = None
    causation: str | None = None
    """Id of the event that made a service act; None when a person or a system did."""
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event as read from the stream or the feed; `data` is the payload as it was written, before upcasting."""

    id: str
    type: str
    service: str
    entity: str
    version: int
    time: datetime
    epoch: str
    position: int
    predecessor: int
    cause: Cause
    data: dict[str, Any]
    redacted: bool = False


def encode(
    event_id: UUID,
    event_type: str,
    service: str,
    entity: UUID,
    version: int,
    time: datetime,
    cause: Cause,
    data: str,
) -> str:
    """JSON of the event as the log stores it; `data` is JSON already."""
    envelope: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(event_id),
        "source": f"/helpdesk/{service}",
        "type": event_type,
        "subject": str(entity),
        "time": instant(time),
        "datacontenttype": "application/json",
        "entityversion": version,
        "actor": cause.actor,
        "correlationid": cause.correlation,
    }
    if cause.on_behalf_of:
        envelope["onbehalfof"] = cause.on_behalf_of
    if cause.causation:
        envelope["causationid"] = cause.causation
    if cause.traceparent:
        envelope["traceparent"] = cause.traceparent
    return f'{orjson.dumps(envelope).decode()[:-1]},"data":{data}}}'


def place(stored: str, epoch: str, position: int, predecessor: int) -> bytes:
    """The stored JSON with its place in the log: spliced, because parsing it again would cost more than the rest."""
    head = f'{{"epoch":"{epoch}","position":"{position}","predecessor":"{predecessor}",'
    return (head + stored[1:]).encode()


def parse(message: bytes) -> Event:
    return from_json(orjson.loads(message))


def read(message: bytes) -> Event | None:
    """The event in a message that may be anything; None when it is none of ours."""
    try:
        return parse(message)
    except (ValueError, KeyError, TypeError):
        return None


def from_json(raw: dict[str, Any]) -> Event:
    """The event in a parsed CloudEvent; KeyError or ValueError when it is none of ours."""
    return Event(
        id=raw["id"],
        type=raw["type"],
        service=raw["source"][len("/helpdesk/") :],
        entity=raw["subject"],
        version=raw["entityversion"],
        time=datetime.fromisoformat(raw["time"]),
        epoch=raw["epoch"],
        position=int(raw["position"]),
        predecessor=int(raw["predecessor"]),
        cause=Cause(
            actor=raw["actor"],
            correlation=raw["correlationid"],
            on_behalf_of=raw.get("onbehalfof"),
            causation=raw.get("causationid"),
            traceparent=raw.get("traceparent"),
        ),
        data=raw["data"],
        redacted=raw.get("redacted", False),
    )


def to_json(event: Event) -> bytes:
    """The CloudEvent as it travels, of an event as read; `from_json` reads it back."""
    stored = encode(
        UUID(event.id),
        event.type,
        event.service,
        UUID(event.entity),
        event.version,
        event.time,
        event.cause,
        orjson.dumps(event.data).decode(),
    )
    if event.redacted:
        stored = '{"redacted":true,' + stored[1:]
    return place(stored, event.epoch, event.position, event.predecessor)


def instant(time: datetime) -> str:
    """RFC 3339 in UTC, microseconds, `Z`."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def is_final(event_type: str) -> bool:
    """Whether nothing comes after it: the entity was deleted, and what was written in it is erased."""
    return event_type.split(".")[1] == "deleted"


def partition(entity: str) -> int:
    """Stable across processes and languages (CRC-32 of the id's text), so that work can be spread by it later."""
    return zlib.crc32(entity.encode()) % PARTITIONS


def subject(namespace: str, service: str, event_type: str, entity: str) -> str:
    """`helpdesk.<service>.<partition>.<entity kind>.<id>.<event>`, of a type like `ticket.opened.v1`."""
    kind, name, _version = event_type.split(".")
    return f"{namespace}.{service}.{partition(entity)}.{kind}.{entity}.{name}"
