"""What the resources of this interface have in common."""

from typing import Annotated

from fastapi import Depends, Query
from starlette.requests import HTTPConnection

from libs.service.auth import guard, identified, require_right, staff_of
from libs.service.caller import Caller
from libs.service.headers import reads
from libs.service.http import IF_MATCH, parse_if_match
from libs.service.problems import Forbidden, NotFound, PreconditionFailed, PreconditionRequired, problem_responses
from libs.service.rights import Right

SERVICE = "notify"

ON_ONE = problem_responses(NotFound)
ON_EDIT = problem_responses(NotFound, PreconditionFailed, PreconditionRequired)
Manager = Annotated[Caller, Depends(require_right(Right.MANAGE_SETTINGS))]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]
Cursor = Annotated[str | None, Query(alias="cursor", description="`next_cursor` of the page before")]


@guard
async def themselves(connection: HTTPConnection) -> Caller:
    """Let in people, and nobody who acts as one."""
    caller = identified(connection)
    if not caller.is_user or caller.acting:
        raise Forbidden
    if caller.kind == "administrator":
        await staff_of(connection, caller)
    return caller


Themselves = Annotated[Caller, Depends(themselves)]


@reads(IF_MATCH)
async def version_if_stated(connection: HTTPConnection) -> int | None:
    """The version that is replaced; 0 if nothing is said, which is good only for what nobody has set before."""
    stated = connection.headers.get("if-match")
    return 0 if stated is None else parse_if_match(stated)


ReplacedVersion = Annotated[int | None, Depends(version_if_stated)]
