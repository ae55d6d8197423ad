"""Keys of other systems over HTTP."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.integration.accounts.accounts_world import StartWorld, World, until_refused

BILLING = {"name": "billing", "scopes": ["tickets:submit", "log:read"]}


async def test_a_key_is_shown_once(world: World) -> None:
    response = await world.post("api-keys", BILLING)
    made = response.json()
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    assert made.pop("key").startswith(f"hdk_{uuid.UUID(made['id']).hex}_")
    assert (await world.get(f"api-keys/{made['id']}")).json() == made
    assert (await world.get("api-keys")).json()["items"] == [made]
    assert made["scopes"] == ["log:read", "tickets:submit"]


async def test_a_key_is_exchanged_for_a_token_with_its_scopes(world: World) -> None:
    made = await world.made("api-keys", **BILLING)
    session = (await world.exchange(made["key"])).json()
    assert session["user"]["kind"] == "system"
    assert session["user"]["id"] == made["id"]
    system = world.as_holder_of(session["access_token"])
    assert (await system.get("me")).json()["scopes"] == ["log:read", "tickets:submit"]
    assert (await system.get("log")).status_code == 200


async def test_a_system_without_the_scope_may_not_read_the_log(world: World) -> None:
    made = await world.made("api-keys", name="billing", scopes=["tickets:submit"])
    session = (await world.exchange(made["key"])).json()
    assert (await world.as_holder_of(session["access_token"]).get("log")).status_code == 403


async def test_a_revoked_key_is_refused(world: World) -> None:
    made = await world.made("api-keys", **BILLING)
    assert (await world.delete(f"api-keys/{made['id']}")).status_code == 204
    assert (await world.exchange(made["key"])).status_code == 401
    assert (await world.get(f"api-keys/{made['id']}")).json()["revoked"] is True


async def test_revoking_again_tells_nothing_more(world: World) -> None:
    made = await world.made("api-keys", **BILLING)
    for _ in range(2):
        assert (await world.delete(f"api-keys/{made['id']}")).status_code == 204
    assert await world.told(made["id"]) == ["api_key.created.v1", "api_key.revoked.v1", "session.ended.v1"]


async def test_the_tokens_of_a_revoked_key_are_refused_at_once_and_no_others(start_world: StartWorld) -> None:
    async with start_world() as started, start_world() as other:
        world, _ = await started.signed_in()
        first, second = [await world.made("api-keys", **BILLING) for _ in range(2)]
        tokens = [(await world.exchange(key["key"])).json()["access_token"] for key in (first, second)]
        await world.delete(f"api-keys/{first['id']}")
        assert [(await world.as_holder_of(token).get("me")).status_code for token in tokens] == [401, 200]
        await until_refused(other.as_holder_of(tokens[0]))


async def test_when_a_key_was_used_is_kept_to_the_hour(world: World) -> None:
    made = await world.made("api-keys", **BILLING)
    assert made["last_used_at"] is None
    await world.exchange(made["key"])
    first = (await world.get(f"api-keys/{made['id']}")).json()["last_used_at"]
    assert datetime.fromisoformat(first) == world.clock.now()
    world.clock.advance(3599)
    await world.exchange(made["key"])
    assert (await world.get(f"api-keys/{made['id']}")).json()["last_used_at"] == first
    world.clock.advance(1)
    await world.exchange(made["key"])
    (listed,) = (await (await world.signed_in())[0].get("api-keys")).json()["items"]
    assert datetime.fromisoformat(listed["last_used_at"]) == world.clock.now()


async def test_an_expired_key_is_refused_and_its_tokens_do_not_outlive_it(world: World) -> None:
    expires_at = world.clock.now() + timedelta(seconds=600)
    made = await world.made("api-keys", **BILLING, expires_at=expires_at.isoformat())
    session = (await world.exchange(made["key"])).json()
    assert session["expires_in"] == 600
    world.clock.advance(600)
    assert (await world.exchange(made["key"])).status_code == 401


async def test_a_key_with_another_secret_is_refused(world: World) -> None:
    key = (await world.made("api-keys", **BILLING))["key"]
    other_end = "A" if key[-1] != "A" else "B"
    for spoilt in (key[:-1] + other_end, key[:-1]):
        assert (await world.exchange(spoilt)).status_code == 401


async def test_a_key_that_never_was_is_refused(world: World) -> None:
    made = await world.made("api-keys", **BILLING)
    other = made["key"].replace(uuid.UUID(made["id"]).hex, uuid.uuid4().hex)
    assert (await world.exchange(other)).status_code == 401


async def test_what_is_no_key_cannot_be_revoked(world: World) -> None:
    group = await world.made("groups", name="One")
    for entity in (group["id"], str(uuid.uuid4())):
        assert (await world.delete(f"api-keys/{entity}")).status_code == 404


SENSELESS: list[tuple[dict[str, Any], str]] = [
    ({"scopes": []}, "/scopes"),
    ({"scopes": ["everything"]}, "/scopes/0"),
    ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
    ({"expires_at": "2099-01-01T00:00:00"}, "/expires_at"),
]


async def test_a_senseless_key_is_refused(world: World, subtests: pytest.Subtests) -> None:
    for change, pointer in SENSELESS:
        with subtests.test(change=change):
            response = await world.post("api-keys", {**BILLING, **change})
            assert response.status_code == 422
            assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert await world.pool.fetchval("select count(*) from api_keys") == 0
