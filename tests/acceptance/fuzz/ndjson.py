"""Lines of JSON as a body, drawn like a list: OpenAPI 3.1 has no words for a line's shape."""

import json
from typing import Any

import schemathesis
from pydantic import TypeAdapter
from schemathesis import SerializationContext

from services.accounts.api.bulk_lines import AccountLine, UserLine

_NDJSON = "application/x-ndjson"


@schemathesis.serializer(_NDJSON)
def lines(_context: SerializationContext, value: Any) -> bytes:
    found = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(line).encode() + b"\n" for line in found)


def with_lines(document: dict[str, Any]) -> dict[str, Any]:
    """The document, in which a bulk's body is a list of what its lines are."""
    bulk = document["paths"].get("/api/accounts/bulk")
    if bulk:
        template = "#/components/schemas/{model}"
        shape = TypeAdapter(AccountLine | UserLine).json_schema(ref_template=template)
        document["components"]["schemas"] |= shape.pop("$defs")
        bulk["post"]["requestBody"]["content"][_NDJSON] = {"schema": {"type": "array", "items": shape, "maxItems": 20}}
    return document
