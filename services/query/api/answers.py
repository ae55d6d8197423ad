"""What query's routes have in common: who may read, how recent an answer is, how it is put together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, NoReturn
from uuid import UUID

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from libs.service.auth import Caller, guard, identified, staff_of
from libs.service.headers import header
from libs.service.http import CONSISTENCY_HEADER, CONSISTENCY_PATTERN, ConsistencyToken, to_json
from libs.service.parameters import query_parameters
from libs.service.problems import Forbidden, Invalid, NotFound, Problem
from services.query.api.models import Consistently, Then
from services.query.domain.sight import EVERYTHING, Sight
from services.query.runtime import Query
from services.query.store import completeness, tickets

REACHED_HEADER = "Consistency-Reached"
SCOPE = "tickets:read"


class TicketDeleted(Problem):
    """The ticket was deleted; who did it, and when, is all that is left."""

    status = 410
    slug = "ticket-deleted"


_RECENT = header(CONSISTENCY_HEADER, "As `after`: what a command answered", required=False, pattern=CONSISTENCY_PATTERN)
REACHED: dict[str, Any] = {
    REACHED_HEADER: {
        "description": "Whether what the token names is in the answer; only if there was a token",
        "schema": {"type": "boolean"},
    }
}


def asking(model: type[Consistently]) -> dict[str, Any]:
    """`openapi_extra` of a route that reads this model from its query."""
    return {"parameters": [*query_parameters(model), _RECENT]}


async def sight_of(connection: HTTPConnection, caller: Caller) -> Sight | None:
    """What an administrator or a system sees; None for clients, who see what is of their own account."""
    if caller.kind == "client":
        return None
    if caller.kind == "administrator":
        return Sight.of(await staff_of(connection, caller))
    if not caller.may(SCOPE):
        raise Forbidden(scope=SCOPE)
    return EVERYTHING


@guard
async def require_reader(connection: HTTPConnection) -> Caller:
    """Let in administrators, and systems that may read every ticket."""
    caller = identified(connection)
    await readers_sight(connection, caller)
    return caller


async def readers_sight(connection: HTTPConnection, caller: Caller) -> Sight:
    """What whoever is let in there sees, as of now: ask once the read model has caught up, which rights are part of."""
    sight = await sight_of(connection, caller)
    if sight is None:
        raise Forbidden("Clients list the tickets of their own account: GET /api/query/my/tickets")
    return sight


@guard
async def require_client(connection: HTTPConnection) -> Caller:
    caller = identified(connection)
    account_of(caller)
    return caller


def account_of(caller: Caller) -> UUID:
    """The account a client belongs to."""
    if caller.kind != "client" or caller.account_id is None:
        raise Forbidden
    return caller.account_id


Reader = Annotated[Caller, Depends(require_reader)]
Client = Annotated[Caller, Depends(require_client)]


async def refuse(query: Query, caller: Caller, sight: Sight | None, ticket: UUID) -> NoReturn:
    """Nothing is there, or nothing that the caller may know of.

    With a ticket its department is gone: that it was there learn those who see every ticket, and who deleted it.
    """
    grave = await tickets.tombstone(query.pool, ticket) if sight else None
    if grave is None or sight is None or (sight.departments is not None and grave.deleted_by != caller.actor):
        raise NotFound
    raise TicketDeleted(
        number=grave.number,
        deleted_at=grave.deleted_at.isoformat().replace("+00:00", "Z"),
        deleted_by=grave.deleted_by,
        on_behalf_of=grave.on_behalf_of,
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant of the past that is asked for."""

    at: datetime
    is_final: bool

    @property
    def told(self) -> dict[str, Any]:
        """What the answer says of it."""
        return {"as_of": self.at, "final": self.is_final}


async def moment_of(query: Query, asked: Then, sight: Sight | None) -> Moment | None:
    """The instant of the past, if one is asked for: by the staff, and none that is to come."""
    if asked.as_of is None:
        return None
    if sight is None:
        raise Forbidden("The past is shown to the staff only")
    standing = await completeness.standing(query.pool, query.as_of())
    if asked.as_of > standing.now:
        raise Invalid.at("query/as_of", "This instant is still to come")
    return Moment(asked.as_of, standing.is_final(asked.as_of))


async def caught_up(query: Query, asked: Consistently, request: Request) -> dict[str, str]:
    """Wait for what the request's token names, if it has one; the headers that say whether it came."""
    told = {f"header/{CONSISTENCY_HEADER}": request.headers.get(CONSISTENCY_HEADER), "query/after": asked.after}
    tokens = [ConsistencyToken.parse(text, place) for place, text in told.items() if text is not None]
    if not tokens:
        return {}
    is_there = await query.consistency.reach(tokens[-1], settled=asked.settled)
    return {REACHED_HEADER: "true" if is_there else "false"}


def page_body(items: Iterable[str], **members: Any) -> bytes:
    """`items` that are JSON already, and whatever else is in the page."""
    return b'{"items":[' + ",".join(items).encode() + b"]," + to_json(members)[1:]
