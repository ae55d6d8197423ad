"""What a client sees of the own account: its tickets, and who one is."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from libs.service.http import JSONBytes
from libs.service.parameters import query_model
from libs.service.routes import service_router
from services.query.api.answers import REACHED, Client, account_of, asking, caught_up, page_body
from services.query.api.models import ClientsPage, ClientsParameters, Me
from services.query.domain.mine import End, after
from services.query.domain.mine import Request as Wanted
from services.query.runtime import CurrentQuery
from services.query.store import mine

router = service_router("query", tags=["my tickets"])


@router.get(
    "/my/tickets",
    summary="List the tickets of one's own account",
    responses={200: {"model": ClientsPage, "headers": REACHED}},
    openapi_extra=asking(ClientsParameters),
)
async def list_my_tickets(
    query: CurrentQuery,
    caller: Client,
    request: Request,
    asked: Annotated[ClientsParameters, Depends(query_model(ClientsParameters))],
) -> JSONBytes:
    """Those where something happened last come first. What is the provider's own (weight, deadline, …) is not in it."""
    end = after(asked.cursor, asked.sort)
    headers = await caught_up(query, asked, request)
    wanted = Wanted(asked.sort, asked.state, asked.project_id, asked.limit, end)
    found = await mine.page(query.pool, account_of(caller), wanted)
    shown = found[: asked.limit]
    last = shown[-1] if len(found) > len(shown) else None
    cursor = End(asked.sort, last["active_at"], last["number"]).cursor() if last else None
    return JSONBytes(page_body((row["ticket"] for row in shown), next_cursor=cursor), headers=headers)


@router.get("/my/account", summary="Read who one is", responses={200: {"model": Me}})
async def read_my_account(query: CurrentQuery, caller: Client) -> JSONBytes:
    """The account, the user, and the administrator who acts as the user, if one does."""
    acting = UUID(caller.acting) if caller.acting else None
    return JSONBytes(await mine.account(query.pool, account_of(caller), caller.user_id, acting))
