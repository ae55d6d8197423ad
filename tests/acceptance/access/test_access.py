"""Every route is tried by every kind of caller, and does what docs/access.md and the table of rights say."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.acceptance.access.cast import PASSWORD, Actor, Place, Verdict
from tests.acceptance.access.table import Row, rows
from tests.acceptance.access.things import PARAMETER
from tests.acceptance.access.world import World
from tests.infrastructure.product import Somebody

SERVICES = ("accounts", "intake", "routing", "sla", "notify", "query")
AT_ONCE = 8
_REFUSED = {status.value: status for status in Verdict}


@pytest.mark.timeout(600)
async def test_every_route_does_to_every_caller_what_the_document_says(world: World) -> None:
    documents = {service: (await world.product.http.get(f"/api/{service}/openapi.json")).json() for service in SERVICES}
    assert {row.name for row in rows()} == set(_routes_in(documents))
    assert {row.name for row in rows() if row.clients == "anybody"} == set(_routes_in(documents, {"security": []}))
    slots = asyncio.Semaphore(AT_ONCE)

    async def tried(row: Row, actor: Actor, place: Place) -> str | None:
        async with slots:
            return await _try(world, row, actor, place, documents[row.service])

    cases = list(_cases(world))
    found = await asyncio.gather(*(tried(*case) for case in cases if not case[0].ends_sessions))
    found += [await tried(*case) for case in cases if case[0].ends_sessions]
    wrong = [one for one in found if one]
    assert not wrong, f"{len(wrong)} of {len(cases)}:\n" + "\n".join(sorted(wrong))
    assert not await world.things.changed(), "a refused request has left a trace"


def _routes_in(documents: Mapping[str, Any], having: Mapping[str, Any] | None = None) -> Iterator[str]:
    """The routes of all documents, or those whose description has these members."""
    for document in documents.values():
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if having is None or having.items() <= operation.items():
                    yield f"{method.upper()} {path}"


def _cases(world: World) -> Iterator[tuple[Row, Actor, Place]]:
    """Where a ticket is matters to administrators, on routes that are about a ticket."""
    for row in (row for row in rows() if row.clients != "anybody"):
        for actor in world.actors:
            is_about_ticket = row.administrators.startswith("on the ticket: ")
            for place in actor.places if is_about_ticket else (Place.DEPARTMENT,):
                yield row, actor, place


async def _try(world: World, row: Row, actor: Actor, place: Place, document: Mapping[str, Any]) -> str | None:
    """What is wrong, if anything."""
    expected = actor.expects(row, place, world.things.departments.a)
    changes = expected is Verdict.IN and row.method != "GET"
    things = world.things.fresh if changes else world.things.shared
    who = await actor.again() if row.ends_sessions and actor.again else actor.who
    parameters = await things(row.path, place, actor)
    if expected is Verdict.IN:
        parameters |= await _own_things(row, who, parameters)
    body = _body(document, row, world)
    path = PARAMETER.sub(lambda found: parameters[found[1]], row.path) + _query(row, document)
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": "*"}
    status = await who.status(row.method, path, body, headers)
    found = _REFUSED.get(str(status), Verdict.IN)
    if found is expected and status < httpx.codes.INTERNAL_SERVER_ERROR:
        return None
    return f"{row.name} by {actor.name}, ticket {place}: {status} instead of {expected}"


async def _own_things(row: Row, who: Somebody, parameters: Mapping[str, str]) -> dict[str, str]:
    """What only the caller can have: a session to end, a draft to read."""
    if "session_id" in row.path:
        sessions = (await who.get("/api/accounts/sessions")).json()["items"]
        return {"session_id": sessions[0]["id"]}
    if row.method == "GET" and row.path.endswith("/draft"):
        draft = await who.put(PARAMETER.sub(lambda found: parameters[found[1]], row.path), text="Not yet")
        assert draft.is_success, draft.text
    return {}


def _query(row: Row, document: Mapping[str, Any]) -> str:
    """The query parameters that a route cannot do without."""
    parameters = document["paths"][row.path][row.method.lower()].get("parameters", [])
    needed = [one["name"] for one in parameters if one["in"] == "query" and one.get("required")]
    return f"?{'&'.join(f'{name}=1' for name in needed)}" if needed else ""


def _body(document: Mapping[str, Any], row: Row, world: World) -> Any:
    """The example in the route's own documentation, about things that are there."""
    content = document["paths"][row.path][row.method.lower()].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        return None
    model = _resolved(schema, document)
    example = model.get("example") or (model.get("examples") or [_example_of(model)])[0]
    real = {
        "category_id": world.things.category,
        "department_id": str(world.things.departments.b),
        "responsible_id": next(str(one.staff.id) for one in world.actors if one.staff),
        "account_id": world.things.account,
        "user_id": world.things.user,
        "person_id": world.things.user,
        "present_password": PASSWORD,
        "token": 1,
    }
    return {name: real.get(name, value) for name, value in example.items()}


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference means; of a choice of several the first."""
    while "$ref" in schema or "oneOf" in schema:
        schema = (
            document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
            if "$ref" in schema
            else schema["oneOf"][0]
        )
    return schema


def _example_of(model: Mapping[str, Any]) -> dict[str, Any]:
    """Put together from the examples of its members that are needed."""
    members = model["properties"]
    return {name: _member(members[name]) for name in model.get("required", [])}


def _member(schema: Mapping[str, Any]) -> Any:
    if "examples" in schema:
        return schema["examples"][0]
    if schema.get("format") == "uuid":
        return str(uuid4())
    return {"integer": 1, "array": [], "boolean": True}.get(schema.get("type", ""), "some words")
