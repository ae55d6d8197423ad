"""No text that is sent may hold a NUL: PostgreSQL refuses it, and the answer would be a fault of ours."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.local.stack import SERVICES

Schema = dict[str, Any]
HASHED = {"password", "current_password", "new_password", "refresh_token", "api_key", "token"}
LOOKED_UP = {"time_zone", "subdivision", "types", "at_least", "at_most"}
"""Nothing is taken but what is known: zones, parts of countries, types of events; and numbers as text."""


@pytest.mark.parametrize("service", SERVICES)
def test_every_text_of_a_body_that_is_kept_says_that_it_holds_no_nul(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELPDESK_SYSTEM_KEY", "the key that services share")
    monkeypatch.setenv("HELPDESK_POSTGRES_DSN", "postgresql://nowhere.example")
    document = importlib.import_module(f"services.{service}.app").create_app().openapi()
    texts = [text for body in _bodies(document) for text in _texts(body, document, ())]
    assert {place for place, schema in texts if not _refuses_nul(schema)} == set()


def _bodies(document: Schema) -> Iterator[Schema]:
    for path in document["paths"].values():
        for operation in path.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield content.get("schema", {})


def _texts(schema: Schema, document: Schema, path: tuple[str, ...]) -> Iterator[tuple[str, Schema]]:
    """The schemas of all texts, by their place in the body."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if path.count(name) < 2:  # conditions hold conditions
            yield from _texts(document["components"]["schemas"][name], document, (*path, name))
        return
    if "properties" not in schema:  # else they narrow what these say
        for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
            yield from _texts(part, document, path)
    if schema.get("type") == "string" and path and path[-1] not in HASHED | LOOKED_UP:
        yield ".".join(path[-2:]), schema
    for part in ("items", "additionalProperties"):
        if isinstance(inner := schema.get(part), dict):
            yield from _texts(inner, document, path)
    for name, inner in schema.get("properties", {}).items():
        yield from _texts(inner, document, (*path, name))


def _refuses_nul(schema: Schema) -> bool:
    if schema.keys() & {"enum", "const"} or schema.get("format") in {"uuid", "date", "date-time", "email", "binary"}:
        return True
    return "pattern" in schema and not re.search(schema["pattern"], "a\0b")
