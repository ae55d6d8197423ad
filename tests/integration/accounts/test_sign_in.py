"""Signing in over HTTP."""

import json
from typing import Any
from uuid import UUID

import pytest

from libs.service.caller import Caller
from libs.service.rights import Right
from libs.service.tokens import KeyRing
from tests.integration.accounts.accounts_world import EMAIL, PASSWORD, StartWorld, World
from tests.unit.accounts.account_hashers import QuickHasher

WRONG = "not the password"


async def test_an_administrator_gets_a_token_for_a_while(world: World) -> None:
    response = await world.sign_in()
    session = response.json()
    me = (await world.as_holder_of(session["access_token"]).get("me")).json()
    assert session["token_type"] == "Bearer"
    assert session["expires_in"] == 3600
    assert session["user"] == me
    assert (me["kind"], me["name"], me["email"], me["role"]) == ("administrator", "Administrator", EMAIL, "owner")
    assert me["rights"] == sorted(Right)
    assert response.headers["Cache-Control"] == "no-store"


async def test_a_client_gets_a_token_that_names_their_account(world: World) -> None:
    jane = await world.user()
    session = (await world.sign_in("JANE@example.com", "Jane's password")).json()
    ring = await ring_from_events(world)
    caller = ring.verify(session["access_token"])
    assert caller == Caller(
        kind="client", id=jane["id"], account_id=UUID(jane["account_id"]), name="Jane", session=caller.session
    )
    me = (await world.as_holder_of(session["access_token"]).get("me")).json()
    assert (me["kind"], me["email"], me["account_id"]) == ("client", "jane@example.com", jane["account_id"])


async def test_a_service_of_the_suite_learns_who_it_is(world: World) -> None:
    me = (await world.as_holder_of("the key that services share").get("me")).json()
    assert (me["kind"], me["email"]) == ("service", None)


async def test_a_token_ends(world: World) -> None:
    assert (await world.get("me")).status_code == 200
    world.clock.advance(3600 + 6)
    assert (await world.get("me")).status_code == 401


async def ring_from_events(world: World) -> KeyRing:
    """Make a key ring as other services do: from what accounts has told."""
    ring = KeyRing(world.clock)
    rows = await world.pool.fetch("select envelope->'data' as data from log where type = 'signing_key.added.v1'")
    for row in rows:
        data = await world.pool.fetchrow("select $1::json->>'key_id' as id, $1::json->>'public_key' as x", row["data"])
        assert data is not None
        ring.add({"kty": "OKP", "crv": "Ed25519", "kid": data["id"], "x": data["x"]})
    return ring


async def test_tokens_verify_with_the_key_set(world: World) -> None:
    ring = KeyRing(world.clock)
    for jwk in (await world.http.get("/api/accounts/jwks.json")).json()["keys"]:
        assert "d" not in jwk, "the private part stays here"
        ring.add(jwk)
    assert ring.verify(world.token).kind == "administrator"


# --- refusals --------------------------------------------------------------------------------
async def test_nothing_tells_why_somebody_was_refused(world: World) -> None:
    disabled = await world.user("disabled@example.com", enabled=False)
    locked_out = await world.user("locked@example.com")
    await world.patch(f"accounts/{locked_out['account_id']}", {"enabled": False})
    answers = [
        await world.sign_in("nobody@example.com", WRONG),
        await world.sign_in("no address at all", WRONG),
        await world.sign_in(EMAIL, WRONG),
        await world.sign_in(disabled["email"], "Jane's password"),
        await world.sign_in(locked_out["email"], "Jane's password"),
    ]
    bodies = [{**answer.json(), "correlation_id": None} for answer in answers]
    assert [answer.status_code for answer in answers] == [401] * 5
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["type"] == "urn:helpdesk:problem:sign-in-refused"


async def test_one_password_is_verified_whoever_asks(world: World) -> None:
    disabled = await world.user("disabled@example.com", enabled=False)
    for email, password in ((EMAIL, WRONG), ("nobody@example.com", WRONG), (disabled["email"], "Jane's password")):
        world.hasher.verified = 0
        await world.sign_in(email, password)
        assert world.hasher.verified == 1, email


async def test_somebody_disabled_learns_so_from_their_token_too(world: World) -> None:
    ann = await world.made("administrators", name="Ann", email="ann@provider.example", password="Ann's password")
    token = (await world.sign_in(ann["email"], "Ann's password")).json()["access_token"]
    await world.patch(f"administrators/{ann['id']}", {"enabled": False})
    assert (await world.as_holder_of(token).get("me")).status_code == 401


HALVES: list[dict[str, Any]] = [
    {},
    {"email": EMAIL},
    {"password": PASSWORD},
    {"email": None, "password": None},
    {"email": EMAIL, "password": PASSWORD, "api_key": "hdk_"},
    {"email": EMAIL, "api_key": "hdk_"},
    {"api_key": None},
    {"email": EMAIL, "password": "x" * 201},
    {"email": EMAIL, "password": "\ud800 half a pair"},
    {"email": "a\0b", "password": PASSWORD},
]


async def test_half_of_what_is_needed_is_an_error_that_quotes_nothing(world: World, subtests: pytest.Subtests) -> None:
    for body in HALVES:
        with subtests.test(body=body):
            response = await world.http.post("/api/accounts/session", content=json.dumps(body))
            assert response.status_code == 422
            assert PASSWORD not in response.text


async def test_a_hash_made_with_other_settings_is_renewed_at_sign_in(start_world: StartWorld) -> None:
    async with start_world() as world:
        before = await world.pool.fetchval("select password_hash from credentials")
    async with start_world(hasher=QuickHasher(time_cost=2)) as world:
        assert (await world.sign_in(EMAIL, WRONG)).status_code == 401
        assert await world.pool.fetchval("select password_hash from credentials") == before
        assert (await world.sign_in()).status_code == 200
        renewed = await world.pool.fetchval("select password_hash from credentials")
        assert "t=2" in renewed
        assert (await world.sign_in()).status_code == 200
