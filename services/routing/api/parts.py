"""What the resources of this interface have in common."""

from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from libs.events.commands import Outcome
from libs.service.http import format_etag
from libs.service.problems import NotFound, PreconditionFailed, PreconditionRequired, problem_responses
from libs.service.text import storable

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(storable)]
Order = Annotated[int, Field(ge=-1_000_000, le=1_000_000, description="Place in the list, ascending")]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]
Cursor = Annotated[str | None, Query(alias="cursor", description="`next_cursor` of the page before")]

ON_ONE = problem_responses(NotFound)
ON_EDIT = problem_responses(NotFound, PreconditionFailed, PreconditionRequired)


class Body(BaseModel):
    """A request's body; what it does not know is a mistake of the caller's."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        return self.model_dump()

    def named(self) -> dict[str, Any]:
        """The fields that the request names."""
        return self.model_dump(exclude_unset=True)


LeftOut: Any = Field(default_factory=lambda: None)
"""Marks a field of a change that may be left out, though null is no value for it."""


def told(response: Response, outcome: Outcome) -> None:
    """Say which version a command has made, and how to wait for it."""
    response.headers.update({"ETag": format_etag(outcome.version), **outcome.token.headers})
