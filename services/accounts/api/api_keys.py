"""Keys by which other systems sign in."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from libs.events.commands import asked_by
from libs.service.auth import CurrentStaff
from libs.service.bodies import Body, Instant
from libs.service.http import FastJSON, format_etag
from libs.service.problems import Forbidden, NotFound, problem_responses
from libs.service.rights import Right
from libs.service.routes import service_router
from libs.service.text import Name
from services.accounts import domain
from services.accounts.api.rights import Scope, SettingsManager
from services.accounts.api.shared import (
    SERVICE,
    Answer,
    CurrentPage,
    Page,
    PartOfName,
    answer_created,
    entity_body,
    page_of,
)
from services.accounts.domain import API_KEY
from services.accounts.runtime import Accounts, CurrentAccounts
from services.accounts.store import entities, keys
from services.accounts.store.entities import Entity

router = service_router(SERVICE, tags=["api-keys"])


class NewApiKey(Body):
    """A key for another system."""

    name: Name = Field(examples=["billing"])
    scopes: Annotated[set[Scope], Field(min_length=1)]
    expires_at: Instant | None = None


class ApiKey(Answer, domain.ApiKey):
    """A key without its secret."""

    last_used_at: AwareDatetime | None = Field(None, description="When it was exchanged for a token last, to the hour")


class ShownApiKey(ApiKey):
    key: str = Field(description="Shown only this once", examples=["hdk_0198…_…"])


@router.post("/api-keys", status_code=201, response_model=ShownApiKey)
async def create_api_key(
    body: NewApiKey, request: Request, accounts: CurrentAccounts, caller: SettingsManager, staff: CurrentStaff
) -> FastJSON:
    """Make a key. It takes no Idempotency-Key, because a retry could not be shown the key again: it makes another."""
    if Scope.PEOPLE_WRITE in body.scopes and not staff.may(Right.MANAGE_PEOPLE):
        raise Forbidden(right=Right.MANAGE_PEOPLE)
    fields = {**body.model_dump(), "scopes": sorted(body.scopes)}
    outcome, made = await accounts.commands.create_api_key(fields, asked_by(caller))
    answer = answer_created(outcome, request, key=made.text, last_used_at=None)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/api-keys", response_model=Page[ApiKey])
async def list_api_keys(
    accounts: CurrentAccounts, _: SettingsManager, page: CurrentPage, name: PartOfName = None
) -> FastJSON:
    """List the keys by name, revoked ones too."""
    found, cursor = await page_of(accounts, API_KEY, page, name=name)
    return FastJSON({"items": await _shown(accounts, *found), "next_cursor": cursor})


@router.get("/api-keys/{key_id}", response_model=ApiKey, responses=problem_responses(NotFound))
async def get_api_key(key_id: UUID, accounts: CurrentAccounts, _: SettingsManager) -> FastJSON:
    """Show a key without its secret."""
    found = await entities.find(accounts.pool, API_KEY, key_id)
    if found is None:
        raise NotFound
    (shown,) = await _shown(accounts, found)
    return FastJSON(shown, headers={"ETag": format_etag(found.version)})


@router.delete("/api-keys/{key_id}", status_code=204, responses=problem_responses(NotFound))
async def revoke_api_key(key_id: UUID, accounts: CurrentAccounts, caller: SettingsManager) -> Response:
    """Make a key useless, and at once the tokens that it was exchanged for, in every service."""
    outcome = await accounts.commands.revoke_api_key(key_id, asked_by(caller))
    return Response(status_code=204, headers=outcome.token.headers)


async def _shown(accounts: Accounts, *found: Entity) -> list[dict[str, Any]]:
    uses = await keys.last_uses(accounts.pool, [entity.id for entity in found])
    return [{**entity_body(entity), "last_used_at": uses.get(entity.id)} for entity in found]
