"""Signing in, who one is, and the keys that tokens are checked with."""

import json
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from libs.service.auth import CurrentCaller
from libs.service.caller import Caller, CallerKind
from libs.service.http import FastJSON
from libs.service.problems import TooManyRequests, Unauthenticated, problem_responses
from libs.service.routes import service_router
from libs.service.text import Text
from services.accounts import emails
from services.accounts.api.shared import SERVICE, Body
from services.accounts.domain import ADMINISTRATOR, USER
from services.accounts.passwords import TypedPassword
from services.accounts.problems import SignInRefused
from services.accounts.runtime import Accounts, CurrentAccounts
from services.accounts.sign_in import Session
from services.accounts.store import entities

PUBLIC = [f"/api/{SERVICE}/session", f"/api/{SERVICE}/jwks.json"]

router = service_router(SERVICE, tags=["session"])


class Credentials(Body):
    """A person's e-mail address and password, or a system's key."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"email": "jane@example.com", "password": "correct horse"}, {"api_key": "hdk_0198…_…"}]
        }
    )

    email: Annotated[Text, Field(max_length=emails.LONGEST)] | None = None
    password: TypedPassword | None = None
    api_key: Annotated[SecretStr, Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        person = self.email is not None and self.password is not None
        if self.model_fields_set not in ({"email", "password"}, {"api_key"}) or person == (self.api_key is not None):
            raise ValueError("Send email and password, or api_key")
        return self


class Identity(BaseModel):
    """Whose rights count; `acting_id` is the administrator who acts as this client."""

    kind: CallerKind
    id: str
    name: str | None = None
    email: str | None = None
    account_id: UUID | None = None
    scopes: list[str] = []
    acting_id: str | None = None


class SignedIn(BaseModel):
    """An access token; send it as `Authorization: Bearer …`."""

    access_token: str
    token_type: Literal["Bearer"] = Field("Bearer", description="As RFC 6750 means it")
    expires_in: int = Field(description="Seconds")
    user: Identity


class KeySet(BaseModel):
    """Public keys (RFC 7517)."""

    keys: list[dict[str, Any]]


@router.post("/session", response_model=SignedIn, responses=problem_responses(SignInRefused, TooManyRequests))
async def sign_in(body: Credentials, request: Request, accounts: CurrentAccounts) -> FastJSON:
    """Exchange credentials for an access token. Nothing tells an unknown address from a wrong password."""
    session = await _session(accounts, body, request.client.host if request.client else "")
    identity = _identity(session.caller, session.email)
    answer = SignedIn(access_token=session.access_token, expires_in=session.expires_in, user=identity)
    return FastJSON(answer.model_dump(), headers={"Cache-Control": "no-store"})


async def _session(accounts: Accounts, body: Credentials, address: str) -> Session:
    if body.api_key is not None:
        return await accounts.sign_in.with_api_key(body.api_key, address)
    assert body.email is not None
    assert body.password is not None
    return await accounts.sign_in.with_password(body.email, body.password, address)


@router.get("/me", response_model=Identity)
async def get_me(accounts: CurrentAccounts, caller: CurrentCaller) -> FastJSON:
    """Tell whose token this is."""
    if not caller.is_user:
        return FastJSON(_identity(caller).model_dump())
    kind = USER if caller.kind == "client" else ADMINISTRATOR
    person = await entities.find(accounts.pool, kind.name, caller.user_id)
    state = json.loads(person.state) if person else None
    if state is None or not state["enabled"]:
        raise Unauthenticated
    return FastJSON({**_identity(caller).model_dump(), "name": state["name"], "email": state["email"]})


@router.get("/jwks.json", response_model=KeySet)
async def get_jwks(accounts: CurrentAccounts) -> FastJSON:
    """Show the public keys that access tokens are signed with."""
    return FastJSON({"keys": accounts.keys.jwks}, headers={"Cache-Control": "public, max-age=60"})


def _identity(caller: Caller, email: str | None = None) -> Identity:
    return Identity(
        kind=caller.kind,
        id=caller.id,
        name=caller.name,
        email=email,
        account_id=caller.account_id,
        scopes=sorted(caller.scopes),
        acting_id=caller.acting,
    )
