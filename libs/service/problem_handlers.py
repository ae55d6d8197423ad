"""Turn what FastAPI and Starlette raise into problem details."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from libs.service.context import current_correlation
from libs.service.problems import (
    BadRequest,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    ProblemResponse,
    TooLarge,
    Unavailable,
)
from libs.service.routes import methods_at, route_path

log = structlog.get_logger()

_KNOWN: dict[int, type[Problem]] = {kind.status: kind for kind in (BadRequest, Forbidden, NotFound, TooLarge)}


def install_problem_handlers(app: FastAPI) -> None:
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(asyncpg.QueryCanceledError, _on_timed_out)


def answer(problem: Problem) -> ProblemResponse:
    return ProblemResponse(problem, correlation_id=current_correlation())


async def _on_problem(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, Problem)
    return answer(error)


async def _on_invalid(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)
    return answer(Invalid(errors=[describe(one, error.body) for one in error.errors()]))


async def _on_http_exception(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    headers = error.headers
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (methods := methods_at(request.app, request.scope)):
        headers = {**(headers or {}), "Allow": ", ".join(sorted(methods))}  # Starlette names those of one route only
    return answer(from_status(error.status_code, headers))


async def _on_timed_out(request: Request, _error: Exception) -> ProblemResponse:
    """Nothing of it is kept: what a statement was part of is rolled back."""
    log.warning("statement_timed_out", method=request.method, route=route_path(request.scope))
    return answer(Unavailable("The database took too long for this; ask for less, or try again later"))


def from_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """Make a problem of a bare status; the framework's own texts are dropped, they may quote the input."""
    if status in _KNOWN:
        return _KNOWN[status](headers=headers)
    phrase = HTTPStatus(status).phrase
    slug = re.sub(r"\W+", "-", phrase.lower())
    return Problem(title=phrase, slug=slug, status=status, headers=headers)


def describe(error: dict[str, Any], body: Any = None) -> dict[str, str]:
    """Say of a pydantic error where and what, never the value: it may be a password."""
    if error["type"] == "json_invalid":
        return {"pointer": "", "detail": "The body is not valid JSON"}
    where, *path = error["loc"]
    if where == "body" and body is not None:
        path = _in_body(path, body, is_missing=error["type"] == "missing")
    return {"pointer": _pointer(where, *path), "detail": str(error["msg"]).removeprefix("Value error, ")}


def _in_body(path: Sequence[str | int], body: Any, *, is_missing: bool) -> list[str | int]:
    """The path without the names of a union's choices: pydantic puts them in between, and no caller knows of them."""
    found: list[str | int] = []
    for at, step in enumerate(path):
        is_name_of_missing = is_missing and at == len(path) - 1
        if isinstance(body, dict) and step not in body and not is_name_of_missing:
            continue
        found.append(step)
        body = body[step] if _is_there(step, body) else None
    return found


def _is_there(step: str | int, body: Any) -> bool:
    if isinstance(body, list):
        return isinstance(step, int) and step < len(body)  # what a pair lacks is beyond its end
    return isinstance(body, dict) and step in body


def _pointer(where: str, *path: str | int) -> str:
    """A JSON pointer (RFC 6901) into the body; elsewhere `query/…`, `header/…`, `path/…`."""
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in path]
    return "".join(f"/{step}" for step in steps) if where == "body" else "/".join((where, *steps))
