"""What belongs to whoever calls: their session, and from where they come."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from libs.service.auth import guard, identified
from libs.service.caller import Caller
from libs.service.problems import Forbidden
from services.accounts.sessions import Visitor

_LONGEST_AGENT = 300


@dataclass(frozen=True)
class Own:
    """A person, in a session of their own."""

    caller: Caller
    person: UUID
    session: UUID


@guard
async def require_own_session(connection: HTTPConnection) -> Own:
    """Let in people who are themselves: who acts as somebody has their rights, and nothing to do with their credentials."""
    caller = identified(connection)
    if not caller.is_user or caller.acting is not None or caller.session is None:
        raise Forbidden
    return Own(caller, caller.user_id, UUID(caller.session))


OwnSession = Annotated[Own, Depends(require_own_session)]


def visitor(request: Request) -> Visitor:
    agent = request.headers.get("user-agent", "")
    return Visitor(request.client.host if request.client else "", agent.replace("\0", "")[:_LONGEST_AGENT])
