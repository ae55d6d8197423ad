"""JSON Schemas of whole events, as they are on NATS and in the feed."""

import inspect
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

from libs.events import envelope
from libs.events.catalogue.base import EventData
from libs.events.envelope import Cause

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ID = {"type": "string", "format": "uuid"}
_POSITION = {"type": "string", "pattern": "^[0-9]+$"}
_ATTRIBUTES: dict[str, dict[str, Any]] = {
    "specversion": {"const": "1.0"},
    "id": {**_ID, "description": "Unique for ever; also the message's Nats-Msg-Id"},
    "source": {"type": "string", "description": "/helpdesk/<service>"},
    "type": {"type": "string"},
    "subject": {**_ID, "description": "The entity that the event is about"},
    "time": {"type": "string", "format": "date-time", "description": "When it happened, UTC"},
    "datacontenttype": {"const": "application/json"},
    "entityversion": {"type": "integer", "minimum": 1, "description": "Counts the entity's events without a gap"},
    "epoch": {**_ID, "description": "The log's present life; a new one means: compare before going on"},
    "position": {**_POSITION, "description": "Place in the log; grows, may leave numbers out"},
    "predecessor": {**_POSITION, "description": "Position of the event before this one in the log; 0 for the first"},
    "actor": {"type": "string", "description": "Who did it: user:<uuid>, system:<key id> or service:<name>"},
    "onbehalfof": {"type": "string", "description": "For whom, when not for themselves"},
    "correlationid": {"type": "string", "description": "The request that it all began with"},
    "causationid": {**_ID, "description": "The event that a service acted on"},
    "traceparent": {"type": "string", "description": "W3C trace context"},
    "redacted": {"type": "boolean", "description": "True when the content was erased"},
}
_OPTIONAL = {"onbehalfof", "causationid", "traceparent", "redacted"}


def schema(model: type[EventData], service: str) -> dict[str, Any]:
    """The schema of one event type: the envelope with this type's payload."""
    data = model.model_json_schema(mode="serialization", ref_template="#/$defs/{model}")
    definitions = data.pop("$defs", {})
    attributes = {
        **_ATTRIBUTES,
        "type": {"const": model.TYPE},
        "source": {"const": f"/helpdesk/{service}"},
        "data": data,
    }
    return {
        "$schema": DIALECT,
        "$id": f"urn:helpdesk:event:{model.TYPE}",
        "title": model.TYPE,
        "description": described(model),
        "type": "object",
        "properties": attributes,
        "required": [name for name in attributes if name not in _OPTIONAL],
        **({"$defs": definitions} if definitions else {}),
    }


def described(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "")


def example(model: type[EventData], service: str) -> dict[str, Any]:
    """A whole event of this type, made by the code that makes the real ones."""
    stored = envelope.encode(
        UUID("01980000-0000-7000-8000-000000000001"),
        model.TYPE,
        service,
        UUID("01980000-0000-7000-8000-0000000000aa"),
        1,
        datetime(2026, 1, 5, 9, tzinfo=UTC),
        Cause(
            actor="user:01980000-0000-7000-8000-00000000a002",
            correlation="01980000-0000-7000-8000-0000000000c0",
            traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ),
        model.example().model_dump_json(),
    )
    placed: dict[str, Any] = orjson.loads(
        envelope.place(stored, epoch="01980000-0000-7000-8000-0000000000e0", position=12, predecessor=11)
    )
    return placed
