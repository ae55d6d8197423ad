"""Errors as RFC 9457 has them, and what they never tell."""

from typing import Annotated, Any

import asyncpg
import pytest
from fastapi import Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, SecretStr
from starlette.exceptions import HTTPException
from structlog.testing import capture_logs

from libs.service.problem_handlers import describe
from libs.service.problems import Conflict, NotFound, Problem, TooManyRequests, Unavailable, problem_responses
from libs.service.routes import service_router
from libs.service.text import Text
from tests.unit.service.service_builders import Serving

router = service_router("intake")


class TicketBlocked(Conflict):
    """Somebody else is writing an answer.

    This paragraph is for readers of the code.
    """

    slug = "ticket-blocked"


class SignIn(BaseModel):
    name: Text = Field(min_length=2)
    password: SecretStr = Field(min_length=8)
    tags: list[Text] = []
    extra: dict[Text, Text] = {}


@router.post("/sign-in")
async def sign_in(body: SignIn) -> str:
    return body.name


@router.get("/raise/{what}")
async def raise_it(what: str) -> None:
    raise RAISED[what]


@router.get("/page")
async def page(limit: Annotated[int, Query(le=100)] = 10) -> int:
    return limit


RAISED: dict[str, Exception] = {
    "blocked": TicketBlocked("Ada has it", holder="Ada"),
    "nothing": NotFound(),
    "busy": TooManyRequests(retry_after=1.2),
    "down": Unavailable("NATS is away", title="Not now", slug="transport-away"),
    "crash": RuntimeError("password=hunter2"),
    "slow": asyncpg.QueryCanceledError("canceling statement due to statement timeout"),
    "http": HTTPException(409, "input: hunter2"),
    "teapot": HTTPException(418, headers={"X-Pot": "tea"}),
}
PUBLIC = ("/api/intake/sign-in", "/api/intake/raise/{what}", "/api/intake/page")


async def raised(serving: Serving, what: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    async with serving(router, public=PUBLIC) as client:
        answer = await client.get(f"/api/intake/raise/{what}")
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body.pop("correlation_id") == answer.headers["X-Correlation-Id"]
    return answer.status_code, body, dict(answer.headers)


async def test_a_problem_tells_type_title_detail_and_its_own_members(serving: Serving) -> None:
    status, body, _ = await raised(serving, "blocked")
    assert status == 409
    assert body == {
        "type": "urn:helpdesk:problem:ticket-blocked",
        "title": "Somebody else is writing an answer",
        "status": 409,
        "detail": "Ada has it",
        "holder": "Ada",
    }


async def test_title_and_type_can_be_given_where_it_is_raised(serving: Serving) -> None:
    status, body, _ = await raised(serving, "down")
    assert (status, body["title"], body["type"]) == (503, "Not now", "urn:helpdesk:problem:transport-away")


async def test_without_detail_there_is_none(serving: Serving) -> None:
    assert "detail" not in (await raised(serving, "nothing"))[1]


async def test_too_many_requests_say_when_to_come_again_in_whole_seconds(serving: Serving) -> None:
    assert (await raised(serving, "busy"))[2]["retry-after"] == "2"


async def test_a_crash_is_answered_without_its_cause(serving: Serving) -> None:
    status, body, _ = await raised(serving, "crash")
    assert status == 500
    assert "hunter2" not in str(body)


async def test_what_takes_the_database_too_long_is_no_crash(serving: Serving) -> None:
    with capture_logs() as logged:
        status, body, _ = await raised(serving, "slow")
    assert (status, body["type"]) == (503, "urn:helpdesk:problem:unavailable")
    assert [line["event"] for line in logged if line["log_level"] == "warning"] == ["statement_timed_out"]


async def test_the_frameworks_own_errors_keep_status_and_headers_and_lose_their_text(serving: Serving) -> None:
    status, body, headers = await raised(serving, "teapot")
    assert (status, body["type"], headers["x-pot"]) == (418, "urn:helpdesk:problem:i-m-a-teapot", "tea")
    assert "hunter2" not in str(await raised(serving, "http"))


async def test_an_unknown_path_and_method_are_problems_too(serving: Serving) -> None:
    async with serving(router, public=PUBLIC) as client:
        nowhere, wrong = await client.get("/api/intake/nowhere"), await client.put("/api/intake/page")
    assert (nowhere.status_code, nowhere.json()["type"]) == (404, "urn:helpdesk:problem:not-found")
    assert (wrong.status_code, wrong.json()["status"], wrong.headers["allow"]) == (405, 405, "GET")


async def test_a_refused_method_is_told_which_ones_the_whole_path_takes(serving: Serving) -> None:
    """Of the routes that fit, not of one of them; a path without parameters is not taken for one that has some."""
    many = service_router("intake")
    for path, method in (("/things/{id}", "DELETE"), ("/things", "GET"), ("/things", "POST"), ("/things/{id}", "GET")):
        many.add_api_route(path, _nothing, methods=[method])
    many.add_api_route("/things/all", _nothing, methods=["POST"])
    async with serving(many, public={route.path for route in many.routes if isinstance(route, APIRoute)}) as client:
        told = [await client.patch(f"/api/intake/{path}") for path in ("things", "things/1", "things/all")]
    assert [(one.status_code, one.headers["allow"]) for one in told] == [
        (405, "GET, POST"),
        (405, "DELETE, GET"),
        (405, "POST"),
    ]


async def _nothing() -> None:
    pass


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (b'{"name": "Ada"}', ["/password"]),
        (b'{"name": "A", "password": "hunter2"}', ["/name", "/password"]),
        (b'{"name": "Ada", "password": "hunter2!", "tags": ["a", "b\\u0000"]}', ["/tags/1"]),
        (b'{"name": "Ada", "password": "hunter2!", "extra": {"a/b": "\\u0000"}}', ["/extra/a~1b"]),
        (b'{"name": "\\ud800x", "password": "hunter2!"}', ["/name"]),
        (b'{"name": "hunter2"', [""]),
        (b"[]", [""]),
        (b"", [""]),
    ],
)
async def test_invalid_input_is_pointed_at_and_not_repeated(serving: Serving, body: bytes, pointers: list[str]) -> None:
    async with serving(router, public=PUBLIC) as client:
        answer = await client.post("/api/intake/sign-in", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("body", [b'"\xff"', b"[" * 100_000, b"9" * 5_000])
async def test_a_body_that_cannot_be_read_is_a_bad_request(serving: Serving, body: bytes) -> None:
    async with serving(router, public=PUBLIC) as client:
        answer = await client.post("/api/intake/sign-in", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["Zoë", "🎫", "", "a\nb\tc", "\ufffe"])
async def test_every_other_text_is_taken(serving: Serving, name: str) -> None:
    async with serving(router, public=PUBLIC) as client:
        answer = await client.post("/api/intake/sign-in", json={"name": f"x{name}x", "password": "long enough"})
    assert answer.json() == f"x{name}x"


async def test_outside_of_the_body_the_place_is_named(serving: Serving) -> None:
    async with serving(router, public=PUBLIC) as client:
        answer = await client.get("/api/intake/page", params={"limit": 101})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["query/limit"]


async def test_a_crash_is_logged_with_its_route(serving: Serving) -> None:
    with capture_logs() as logged:
        await raised(serving, "crash")
    failed = next(line for line in logged if line["event"] == "request_failed")
    assert (failed["log_level"], failed["route"]) == ("error", "/api/intake/raise/{what}")
    assert isinstance(failed["exc_info"], RuntimeError)


def test_what_a_list_lacks_is_pointed_at_beyond_its_end() -> None:
    error = {"type": "missing", "loc": ("body", "days", "19", 0, 1), "msg": "Field required"}
    assert describe(error, {"days": {"19": [["08:00"]]}})["pointer"] == "/days/19/0/1"
    assert describe(error, {"days": {"19": [[]]}})["pointer"] == "/days/19/0/1"


def test_responses_of_one_status_are_described_together() -> None:
    responses = problem_responses(NotFound, Conflict, TicketBlocked)
    assert list(responses) == [404, 409]
    assert responses[409]["description"] == (
        "The present state does not allow this; or: Somebody else is writing an answer"
    )
    assert list(responses[409]["content"]) == ["application/problem+json"]


def test_a_problem_reads_as_its_detail() -> None:
    assert [str(Problem()), str(NotFound("No ticket 7"))] == ["The request could not be served", "No ticket 7"]
