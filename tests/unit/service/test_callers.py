"""Who is named in events, and whom the routes let in."""

from typing import Annotated

import httpx
import pytest
from fastapi import Depends

from libs.service.auth import Caller, CurrentCaller, require, require_system, service_caller
from libs.service.http import FastJSON
from libs.service.routes import service_router
from tests.unit.service.service_builders import (
    ACTING,
    ADMINISTRATOR,
    CLIENT,
    SYSTEM,
    SYSTEM_KEY,
    Issuer,
    Serving,
)

router = service_router("intake")


@router.get("/me")
async def me(caller: CurrentCaller) -> FastJSON:
    return FastJSON({"actor": caller.actor, "for": caller.on_behalf_of})


@router.get("/staff")
async def staff(caller: Annotated[Caller, Depends(require("administrator"))]) -> str:
    return caller.id


@router.get("/write", dependencies=[Depends(require("client", scope="tickets:write"))])
async def write() -> str:
    return "written"


@router.get("/log", dependencies=[Depends(require_system("log:read"))])
async def log() -> str:
    return "all of it"


async def status(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> int:
    return (await client.get(f"/api/intake{path}", headers=headers)).status_code


def test_an_administrator_acting_as_a_client_did_it_on_the_clients_behalf() -> None:
    assert (ACTING.actor, ACTING.on_behalf_of) == (f"user:{ADMINISTRATOR.id}", f"user:{CLIENT.id}")


def test_others_act_for_themselves() -> None:
    callers = (CLIENT, ADMINISTRATOR, SYSTEM, service_caller("routing"))
    assert [caller.on_behalf_of for caller in callers] == [None] * 4
    assert [caller.actor for caller in callers] == [
        f"user:{CLIENT.id}",
        f"user:{ADMINISTRATOR.id}",
        "system:key-7",
        "service:routing",
    ]


def test_a_system_is_no_user() -> None:
    assert str(CLIENT.user_id) == CLIENT.id
    with pytest.raises(ValueError, match="system:key-7"):
        _ = SYSTEM.user_id


async def test_a_token_in_the_authorization_header_identifies(serving: Serving, issuer: Issuer) -> None:
    async with serving(router) as client:
        answer = await client.get("/api/intake/me", headers=issuer.headers(ACTING))
        assert answer.json() == {"actor": ACTING.actor, "for": ACTING.on_behalf_of}


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Bearer x.y.z", "Basic YTpi", "bearer\tx", "Bearer ü"]
)
async def test_without_a_good_token_a_401_says_how_to_send_one(serving: Serving, authorization: str | None) -> None:
    headers = [] if authorization is None else [(b"authorization", authorization.encode("latin-1"))]
    async with serving(router) as client:
        answer = await client.get("/api/intake/me", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["type"] == "urn:helpdesk:problem:unauthenticated"


async def test_a_token_in_the_address_is_not_looked_at(serving: Serving, issuer: Issuer) -> None:
    async with serving(router) as client:
        answer = await client.get("/api/intake/me", params={"access_token": issuer.token(CLIENT)})
    assert answer.status_code == 401


async def test_kinds_are_kept_apart(serving: Serving, issuer: Issuer) -> None:
    async with serving(router) as client:
        assert await status(client, "/staff", issuer.headers(ADMINISTRATOR)) == 200
        for other in (CLIENT, ACTING, SYSTEM):
            assert await status(client, "/staff", issuer.headers(other)) == 403


async def test_a_scope_is_needed_where_it_is_named(serving: Serving, issuer: Issuer) -> None:
    async with serving(router) as client:
        assert await status(client, "/write", issuer.headers(CLIENT)) == 200
        refused = await client.get("/api/intake/write", headers=issuer.headers(ACTING))
    assert (refused.status_code, refused.json()["scope"]) == (403, "tickets:write")


async def test_the_feed_is_for_systems_and_the_suites_own_services(serving: Serving, issuer: Issuer) -> None:
    async with serving(router) as client:
        assert await status(client, "/log", issuer.headers(SYSTEM)) == 200
        assert await status(client, "/log", {"Authorization": f"Bearer {SYSTEM_KEY}"}) == 200
        assert await status(client, "/log", {"Authorization": f"Bearer {SYSTEM_KEY}x"}) == 401
        assert await status(client, "/log", issuer.headers(Caller(kind="system", id="k"))) == 403
        scope = frozenset({"log:read"})
        assert await status(client, "/log", issuer.headers(Caller(kind="client", id="c", scopes=scope))) == 403


async def test_an_unguarded_route_is_refused_unless_it_is_declared_public(serving: Serving) -> None:
    careless = service_router("intake")

    @careless.get("/open")
    async def read_open() -> str:
        return "open"

    with pytest.raises(ValueError, match="/api/intake/open"):
        async with serving(careless):
            pass
    async with serving(careless, public=["/api/intake/open"]) as client:
        assert await status(client, "/open", {}) == 200
