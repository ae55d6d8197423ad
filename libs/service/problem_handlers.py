"""Turn what FastAPI and Starlette raise into problem details."""

import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from libs.service.context import current_correlation
from libs.service.problems import Invalid, Problem, ProblemResponse

_RENAMED = {404: "There is no such resource", 413: "The request body is too large"}


def install_problem_handlers(app: FastAPI) -> None:
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_exception)


def answer(problem: Problem) -> ProblemResponse:
    return ProblemResponse(problem, correlation_id=current_correlation())


async def _on_problem(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, Problem)
    return answer(error)


async def _on_invalid(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)
    return answer(Invalid(errors=[_describe(one) for one in error.errors()]))


async def _on_http_exception(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    return answer(from_status(error.status_code, error.headers))


def from_status(status: int, headers: Any = None) -> Problem:
    """Make a problem of a bare status; the framework's own texts are dropped, they may quote the input."""
    phrase = HTTPStatus(status).phrase
    slug = re.sub(r"\W+", "-", phrase.lower())
    return Problem(title=_RENAMED.get(status, phrase), slug=slug, status=status, headers=headers)


def _describe(error: dict[str, Any]) -> dict[str, str]:
    """Say where and what, never the value: it may be a password."""
    where, *rest = error["loc"]
    path = "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in rest)
    pointer = f"/{path}" if where == "body" and rest else (path and f"{where}/{path}") or str(where)
    return {"pointer": pointer, "detail": _text(error)}


def _text(error: dict[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return "The body is not valid JSON"
    return str(error["msg"]).removeprefix("Value error, ")
