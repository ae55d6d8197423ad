"""What query's routes have in common: who may read, how recent an answer is, how it is put together."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from libs.service.auth import Caller, guard, identified
from libs.service.http import CONSISTENCY_HEADER, ConsistencyToken, to_json
from libs.service.problems import Forbidden
from services.query.api.models import Consistently
from services.query.runtime import Query

REACHED_HEADER = "Consistency-Reached"
SCOPE = "tickets:read"

RECENT: dict[str, Any] = {
    "parameters": [
        {
            "name": CONSISTENCY_HEADER,
            "in": "header",
            "required": False,
            "description": "As `after`: what a command answered",
            "schema": {"type": "string"},
        }
    ]
}
REACHED: dict[str, Any] = {
    REACHED_HEADER: {
        "description": "Whether what the token names is in the answer; only if there was a token",
        "schema": {"type": "boolean"},
    }
}


def may_read_all(caller: Caller) -> bool:
    return caller.kind == "administrator" or (not caller.is_user and caller.may(SCOPE))


@guard
async def require_reader(connection: HTTPConnection) -> Caller:
    """Let in who may read every ticket."""
    caller = identified(connection)
    if not may_read_all(caller):
        raise Forbidden
    return caller


@guard
async def require_client(connection: HTTPConnection) -> Caller:
    caller = identified(connection)
    if caller.kind != "client" or caller.account_id is None:
        raise Forbidden
    return caller


Reader = Annotated[Caller, Depends(require_reader)]
Client = Annotated[Caller, Depends(require_client)]


async def caught_up(query: Query, asked: Consistently, request: Request) -> dict[str, str]:
    """Wait for what the request's token names, if it has one; the headers that say whether it came."""
    text = asked.after or request.headers.get(CONSISTENCY_HEADER)
    if text is None:
        return {}
    token = ConsistencyToken.parse(text, "query/after" if asked.after else f"header/{CONSISTENCY_HEADER}")
    is_there = await query.consistency.reach(token, settled=asked.settled)
    return {REACHED_HEADER: "true" if is_there else "false"}


def page_body(items: Iterable[str], **members: Any) -> bytes:
    """`items` that are JSON already, and whatever else is in the page."""
    return b'{"items":[' + ",".join(items).encode() + b"]," + to_json(members)[1:]
