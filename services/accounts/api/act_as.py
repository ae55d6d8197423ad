"""Switch to the user panel: acting as a client."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from libs.events.commands import asked_by
from libs.service.auth import CurrentCaller, require_right
from libs.service.bodies import Body
from libs.service.caller import Caller
from libs.service.http import ConsistencyToken, FastJSON
from libs.service.problems import Forbidden, NotFound, problem_responses
from libs.service.rights import Right
from libs.service.routes import service_router
from services.accounts.api.identity import AccessToken, identity_of
from services.accounts.api.own import OwnSession, require_own_session
from services.accounts.api.shared import SERVICE
from services.accounts.problems import AlreadyActing, NotEnabled
from services.accounts.runtime import CurrentAccounts

router = service_router(SERVICE, tags=["act-as"])


class Client(Body):
    """The client user to act as."""

    user_id: UUID = Field(examples=["01980000-0000-7000-8000-00000000a002"])


@router.post(
    "/act-as",
    status_code=201,
    response_model=AccessToken,
    responses=problem_responses(NotFound, AlreadyActing, NotEnabled),
)
async def act_as(
    body: Client,
    request: Request,
    accounts: CurrentAccounts,
    caller: Annotated[Caller, Depends(require_right(Right.ACT_AS))],
    own: OwnSession,
) -> FastJSON:
    """Act as a client user: an access token with the client's rights and none of one's own, for a while.

    One's own token stays good for oneself. Whatever is done with the new one names both.
    """
    begun = await accounts.acting.begin(body.user_id, own.person, own.session, asked_by(caller))
    now = accounts.sessions.clock.now()
    # The end is by the log's clock, tokens are by this process's: never for longer than it lasts.
    seconds = min(accounts.acting.seconds, int((begun.expires_at - now).total_seconds()))
    answer = AccessToken(
        access_token=accounts.keys.sign(begun.caller, now, seconds),
        expires_in=seconds,
        user=await identity_of(request, begun.caller, email=begun.client.email),
    )
    return FastJSON(answer.model_dump(), 201, {"Cache-Control": "no-store", **begun.outcome.token.headers})


@router.delete("/act-as", status_code=204)
async def stop_acting(request: Request, accounts: CurrentAccounts, caller: CurrentCaller) -> Response:
    """Be oneself again: the token is refused from now on, in every service.

    With the administrator's own token it ends what they began in the same session, should they have lost the other.
    """
    if caller.acting is not None and caller.session is not None:
        position = await accounts.acting.give_back(UUID(caller.session), asked_by(caller))
    elif caller.kind == "administrator":
        own = await require_own_session(request)
        position = await accounts.acting.give_back_from(own.session, asked_by(caller))
    else:
        raise Forbidden
    token = ConsistencyToken(SERVICE, await accounts.commands.log.known_epoch(), position)
    return Response(status_code=204, headers=token.headers if position else None)
