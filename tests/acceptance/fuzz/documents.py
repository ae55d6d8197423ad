"""The services' documents, and what the generator cannot make of them by itself."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import schemathesis
from pydantic import TypeAdapter
from schemathesis import SerializationContext

from services.accounts.api.bulk_lines import AccountLine, UserLine
from tests.infrastructure.product import Product

_NDJSON = "application/x-ndjson"
_SCHEMAS = "#/components/schemas/"


async def document_of(product: Product, service: str) -> dict[str, Any]:
    """As the service tells it, but for the lines of a bulk: OpenAPI 3.1 has no words for what a line is."""
    document: dict[str, Any] = (await product.http.get(f"/api/{service}/openapi.json")).json()
    if bulk := document["paths"].get("/api/accounts/bulk"):
        line = TypeAdapter(AccountLine | UserLine).json_schema(ref_template=_SCHEMAS + "{model}")
        document["components"]["schemas"] |= line.pop("$defs")
        bulk["post"]["requestBody"]["content"][_NDJSON] = {"schema": {"type": "array", "items": line, "maxItems": 20}}
    return document


@schemathesis.serializer(_NDJSON)
def lines(_context: SerializationContext, value: Any) -> bytes:
    found = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(line).encode() + b"\n" for line in found)


def endless(document: Mapping[str, Any]) -> set[str]:
    """The operations whose bodies have parts within themselves, as conditions have: their boundaries have no end."""
    return {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if _comes_back(operation.get("requestBody"), document["components"]["schemas"], ())
    }


def _comes_back(schema: Any, schemas: Mapping[str, Any], within: tuple[str, ...]) -> bool:
    names = [name.removeprefix(_SCHEMAS) for name in _references(schema)]
    return any(name in within or _comes_back(schemas[name], schemas, (*within, name)) for name in names)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield schema["$ref"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for inner in schema:
            yield from _references(inner)
