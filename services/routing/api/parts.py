"""What the resources of this interface have in common."""

from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import Field

from libs.events.commands import Outcome
from libs.service import bodies
from libs.service.bodies import AsNumber
from libs.service.http import format_etag
from libs.service.problems import NotFound, PreconditionFailed, PreconditionRequired, problem_responses

Order = Annotated[int, Field(ge=-1_000_000, le=1_000_000, description="Place in the list, ascending"), AsNumber]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]
Cursor = Annotated[str | None, Query(alias="cursor", description="`next_cursor` of the page before")]

ON_ONE = problem_responses(NotFound)
ON_EDIT = problem_responses(NotFound, PreconditionFailed, PreconditionRequired)


class Body(bodies.Body):
    """A request's body; what it does not know is a mistake of the caller's."""

    def given(self) -> dict[str, Any]:
        return self.model_dump()

    def named(self) -> dict[str, Any]:
        """The fields that the request names."""
        return self.model_dump(exclude_unset=True)


def told(response: Response, outcome: Outcome) -> None:
    """Say which version a command has made, and how to wait for it."""
    response.headers.update({"ETag": format_etag(outcome.version), **outcome.token.headers})
