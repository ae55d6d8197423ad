"""What the resources of this interface have in common."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from libs.events.commands import Outcome
from libs.service.http import decode_cursor, encode_cursor, format_etag
from libs.service.problems import NotFound, PreconditionFailed, PreconditionRequired, problem_responses
from libs.service.text import storable
from services.routing.store.organisation import Entity

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(storable)]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]
Cursor = Annotated[str | None, Query(alias="cursor", description="`next_cursor` of the page before")]

ON_ONE = problem_responses(NotFound)
ON_EDIT = problem_responses(NotFound, PreconditionFailed, PreconditionRequired)


def _distinct(values: list[Any]) -> list[Any]:
    if len(set(values)) < len(values):
        raise ValueError("Each may be named once only")
    return values


Distinct = AfterValidator(_distinct)


class Body(BaseModel):
    """A request's body; what it does not know is a mistake of the caller's."""

    model_config = ConfigDict(extra="forbid")

    def named(self) -> dict[str, Any]:
        """The fields that the request names."""
        return self.model_dump(exclude_unset=True)


LeftOut: Any = Field(default_factory=lambda: None)
"""Marks a field of a change that may be left out, though null is no value for it."""


_ID = TypeAdapter(UUID)


def after_id(cursor: str | None) -> UUID | None:
    """Where a page begins, in a list that is ordered by id."""
    return decode_cursor(cursor, _ID) if cursor else None


def cut(found: Sequence[Entity], limit: int, end: Callable[[Entity], object]) -> tuple[Sequence[Entity], str | None]:
    """A page of what was found, one more than `limit` at most, and the cursor to the next page if there is one."""
    items = found[:limit]
    return items, encode_cursor(end(items[-1])) if len(found) > limit else None


def told(response: Response, outcome: Outcome) -> None:
    """Say which version a command has made, and how to wait for it."""
    response.headers.update({"ETag": format_etag(outcome.version), **outcome.token.headers})


def created(response: Response, outcome: Outcome, path: str) -> None:
    told(response, outcome)
    response.headers["Location"] = f"/api/routing/{path}/{outcome.entity}"
