"""Errors as RFC 9457 problem details.

Raise a subclass of `Problem`; its docstring is its default title. `type` is a URN, so that no server
has to answer for it.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """The request could not be served."""

    status: int = 500
    slug: ClassVar[str] = "internal-error"

    def __init__(
        self,
        detail: str | None = None,
        *,
        slug: str | None = None,
        title: str | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail or title or self.default_title())
        self.type = f"urn:helpdesk:problem:{slug or self.slug}"
        self.title = title or self.default_title()
        self.status = status or self.status
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    @classmethod
    def default_title(cls) -> str:
        return (cls.__doc__ or "").split("\n", 1)[0].removesuffix(".")

    def body(self, **added: Any) -> dict[str, Any]:
        detail = {} if self.detail is None else {"detail": self.detail}
        return {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            **detail,
            **self.members,
            **added,
        }


class BadRequest(Problem):
    """The request is malformed."""

    status = 400
    slug = "bad-request"


class Unauthenticated(Problem):
    """A valid access token is needed."""

    status = 401
    slug = "unauthenticated"

    def __init__(self, detail: str | None = None, *, challenge: str = "Bearer", **more: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": challenge}, **more)


class Forbidden(Problem):
    """The caller may not do this."""

    status = 403
    slug = "forbidden"


class NotFound(Problem):
    """There is no such thing, or the caller may not see it."""

    status = 404
    slug = "not-found"


class Conflict(Problem):
    """The present state does not allow this."""

    status = 409
    slug = "conflict"


class PreconditionFailed(Problem):
    """Somebody else has changed it meanwhile."""

    status = 412
    slug = "precondition-failed"


class TooLarge(Problem):
    """The request body is too large."""

    status = 413
    slug = "too-large"


class Invalid(Problem):
    """The input is not valid."""

    status = 422
    slug = "invalid"

    @classmethod
    def at(cls, pointer: str, detail: str) -> "Invalid":
        """Name one faulty place, as a JSON pointer into the body or `query/…`, `header/…`, `path/…`."""
        return cls(errors=[{"pointer": pointer, "detail": detail}])


class PreconditionRequired(Problem):
    """The request must say which version it changes (If-Match)."""

    status = 428
    slug = "precondition-required"


class TooManyRequests(Problem):
    """Too many requests."""

    status = 429
    slug = "too-many-requests"

    def __init__(self, detail: str | None = None, *, retry_after: float, **more: Any) -> None:
        seconds = max(1, -int(-retry_after // 1))
        super().__init__(detail, headers={"Retry-After": str(seconds)}, **more)


class Unavailable(Problem):
    """This cannot be served just now."""

    status = 503
    slug = "unavailable"


class ProblemResponse(Response):
    media_type = MEDIA_TYPE

    def __init__(self, problem: Problem, **added: Any) -> None:
        super().__init__(orjson.dumps(problem.body(**added)), problem.status, problem.headers)


SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "An error as RFC 9457 describes it; further members depend on the type.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:helpdesk:problem:not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "correlation_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


def problem_responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Document a route's errors: `@router.post(…, responses=problem_responses(NotFound, Conflict))`."""
    found: dict[int | str, dict[str, Any]] = {}
    for problem in problems:
        said = found.get(problem.status, {}).get("description")
        description = problem.default_title() if said is None else f"{said}; or: {problem.default_title()}"
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        found[problem.status] = {"description": description, "content": content}
    return found
