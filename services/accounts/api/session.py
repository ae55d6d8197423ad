"""Signing in, carrying that on, signing out; who one is, and the keys that tokens are checked with."""

from collections.abc import Sequence
from typing import Annotated, Any, Self

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic.config import JsonDict
from starlette.responses import Response

from libs.events.commands import asked_by
from libs.service.auth import CurrentCaller
from libs.service.bodies import Body, Flag
from libs.service.http import FastJSON
from libs.service.problems import TooManyRequests, Unauthenticated, problem_responses
from libs.service.routes import service_router
from libs.service.text import Text
from services.accounts import emails, refresh_tokens
from services.accounts.api import refresh_cookie
from services.accounts.api.identity import AccessToken, Identity, identity_of
from services.accounts.api.own import OwnSession, visitor
from services.accounts.api.shared import SERVICE
from services.accounts.passwords import TypedPassword
from services.accounts.problems import JustRefreshed, SessionRefused, SignInRefused
from services.accounts.runtime import Accounts, CurrentAccounts
from services.accounts.sign_in import SignedIn
from services.accounts.store import persons

PUBLIC = [f"/api/{SERVICE}/session", f"/api/{SERVICE}/session/refresh", f"/api/{SERVICE}/jwks.json"]

router = service_router(SERVICE, tags=["session"])

InCookie = Annotated[
    Flag, Field(description="For browsers: the refresh token comes and goes as a cookie that scripts cannot read")
]


def _with(*names: str, without: Sequence[str] = (), properties: JsonDict | None = None) -> JsonDict:
    """Say in a schema that these members are there as text, and those are not there."""
    members: JsonDict = {**{name: {"type": "string"} for name in names}, **{name: {"not": {}} for name in without}}
    return {"required": [*names], "properties": {**members, **(properties or {})}}


class Credentials(Body):
    """A person's e-mail address and password, or a system's key."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"email": "jane@example.com", "password": "correct horse"},
                {"email": "jane@example.com", "password": "correct horse", "cookie": True},
                {"api_key": "hdk_0198…_…"},
            ],
            "oneOf": [
                _with("email", "password", without=["api_key"]),
                _with("api_key", without=["email", "password"], properties={"cookie": {"const": False}}),
            ],
        }
    )

    email: Annotated[Text, Field(max_length=emails.LONGEST)] | None = None
    password: TypedPassword | None = None
    api_key: Annotated[SecretStr, Field(max_length=200)] | None = None
    cookie: InCookie = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        person = self.email is not None and self.password is not None
        given = self.model_fields_set - {"cookie"}
        if given not in ({"email", "password"}, {"api_key"}) or person == (self.api_key is not None):
            raise ValueError("Send email and password, or api_key")
        if self.cookie and not person:
            raise ValueError("Systems have no cookie")
        return self


class Refresh(Body):
    """The refresh token, or word that it is in the cookie."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"refresh_token": "hdr_0198…_…_…"}, {"cookie": True}],
            "oneOf": [
                _with("refresh_token", properties={"cookie": {"const": False}}),
                {"required": ["cookie"], "properties": {"cookie": {"const": True}, "refresh_token": {"type": "null"}}},
            ],
        }
    )

    refresh_token: Annotated[SecretStr, Field(max_length=refresh_tokens.LONGEST)] | None = None
    cookie: InCookie = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.cookie == (self.refresh_token is not None):
            raise ValueError("Send refresh_token, or cookie: true")
        return self


class SignedInAnswer(AccessToken):
    """An access token; send it as `Authorization: Bearer …`. The refresh token is good for one refresh."""

    refresh_token: str | None = Field(
        None, description="Null for systems, and when it went into the cookie", examples=["hdr_0198…_…_…"]
    )
    refresh_expires_in: int | None = Field(
        None, description="Seconds without a refresh after which the session is over"
    )


class KeySet(BaseModel):
    """Public keys (RFC 7517)."""

    keys: list[dict[str, Any]]


@router.post("/session", response_model=SignedInAnswer, responses=problem_responses(SignInRefused, TooManyRequests))
async def sign_in(body: Credentials, request: Request, accounts: CurrentAccounts) -> FastJSON:
    """Exchange credentials for an access token, and begin a session.

    Nothing tells an unknown address from a wrong password.
    """
    if body.cookie:
        refresh_cookie.require_same_origin(request)
    return await _answer(request, accounts, await _signed_in(accounts, body, request), in_cookie=body.cookie)


@router.post(
    "/session/refresh",
    response_model=SignedInAnswer,
    responses=problem_responses(SessionRefused, JustRefreshed, TooManyRequests),
)
async def refresh(body: Refresh, request: Request, accounts: CurrentAccounts) -> FastJSON:
    """Carry a session on: a new access token, and a refresh token in place of the one that was sent.

    A client that missed the answer sends the same again within seconds. A used token that comes later ends the session:
    two have it.
    """
    secure = accounts.secure_cookies
    if body.refresh_token is None:
        refresh_cookie.require_same_origin(request)
    token = body.refresh_token or refresh_cookie.token_in(request, secure=secure)
    signed_in = await accounts.sign_in.with_refresh_token(token, visitor(request))
    return await _answer(request, accounts, signed_in, in_cookie=body.cookie)


@router.delete("/session", status_code=204)
async def sign_out(accounts: CurrentAccounts, own: OwnSession) -> Response:
    """End this session: its tokens are refused from now on, in every service."""
    ended = await accounts.sessions.end(own.session, own.person, asked_by(own.caller))
    response = Response(status_code=204, headers=ended.headers if ended else None)
    refresh_cookie.drop(response, secure=accounts.secure_cookies)
    return response


@router.get("/me", response_model=Identity)
async def get_me(request: Request, accounts: CurrentAccounts, caller: CurrentCaller) -> FastJSON:
    """Tell whose token this is."""
    if not caller.is_user:
        return FastJSON((await identity_of(request, caller)).model_dump())
    person = await persons.find(accounts.pool, caller.user_id)
    if person is None or not person.is_enabled:
        raise Unauthenticated
    identity = await identity_of(request, caller, name=person.state["name"], email=person.email)
    return FastJSON(identity.model_dump())


@router.get("/jwks.json", response_model=KeySet)
async def get_jwks(accounts: CurrentAccounts) -> FastJSON:
    """Show the public keys that access tokens are signed with, and those that will be next."""
    return FastJSON({"keys": accounts.keys.jwks}, headers={"Cache-Control": "public, max-age=60"})


async def _signed_in(accounts: Accounts, body: Credentials, request: Request) -> SignedIn:
    if body.api_key is not None:
        return await accounts.sign_in.with_api_key(body.api_key, visitor(request))
    assert body.email is not None
    assert body.password is not None
    return await accounts.sign_in.with_password(body.email, body.password, visitor(request))


async def _answer(request: Request, accounts: Accounts, signed_in: SignedIn, *, in_cookie: bool) -> FastJSON:
    shown = None if in_cookie or signed_in.refresh_token is None else signed_in.refresh_token.get_secret_value()
    answer = SignedInAnswer(
        access_token=signed_in.access_token,
        expires_in=signed_in.expires_in,
        refresh_token=shown,
        refresh_expires_in=signed_in.refresh_expires_in,
        user=await identity_of(request, signed_in.caller, email=signed_in.email),
    )
    response = FastJSON(answer.model_dump(), headers={"Cache-Control": "no-store"})
    if in_cookie:
        refresh_cookie.keep(response, signed_in, secure=accounts.secure_cookies)
    return response
