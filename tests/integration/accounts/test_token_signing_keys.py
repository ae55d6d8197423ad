"""The keys that access tokens are signed with."""

import asyncio
from datetime import datetime
from typing import Any

import jwt
import pytest

from services.accounts.domain.sessions import LONGEST_TOKEN, MARGIN
from services.accounts.operating import rotate_signing_key
from services.accounts.settings import Settings
from services.accounts.signing_keys import LockedKey
from tests.integration.accounts.accounts_world import StartWorld, World

SECRET = "a password for the keys"


async def stored(world: World) -> str:
    pem: str = await world.pool.fetchval("select pem from private_keys")
    return pem


async def test_a_restart_keeps_the_key_and_its_tokens(start_world: StartWorld) -> None:
    async with start_world() as world:
        token = (await world.sign_in()).json()["access_token"]
    async with start_world() as world:
        assert (await world.as_holder_of(token).get("me")).status_code == 200
        assert await world.told_in_all("signing_key.added.v1") == 1


async def test_a_token_of_one_replica_is_good_at_another(start_world: StartWorld) -> None:
    async with start_world() as one, start_world() as other:
        token = (await one.sign_in()).json()["access_token"]
        assert (await other.as_holder_of(token).get("me")).status_code == 200


async def test_a_key_is_encrypted_when_there_is_a_password_for_it(start_world: StartWorld) -> None:
    async with start_world(signing_key_password=SECRET) as world:
        assert "ENCRYPTED PRIVATE KEY" in await stored(world)
        token = (await world.sign_in()).json()["access_token"]
    async with start_world(signing_key_password=SECRET) as world:
        assert (await world.as_holder_of(token).get("me")).status_code == 200


async def test_a_key_made_without_a_password_is_read_with_one(start_world: StartWorld) -> None:
    async with start_world() as world:
        assert "ENCRYPTED" not in await stored(world)
    async with start_world(signing_key_password=SECRET) as world:
        assert (await world.sign_in()).status_code == 200


@pytest.mark.parametrize("password", [None, "another password than that"])
async def test_without_the_password_the_service_says_what_is_missing(
    start_world: StartWorld, password: str | None
) -> None:
    async with start_world(signing_key_password=SECRET):
        pass
    with pytest.raises(LockedKey, match="HELPDESK_SIGNING_KEY_PASSWORD"):
        async with start_world(signing_key_password=password):
            pass


# --- rotation --------------------------------------------------------------------------------
async def kid_of(world: World) -> str:
    """The key by which a token is signed now."""
    kid: str = jwt.get_unverified_header((await world.signed_in())[0].token)["kid"]
    return kid


async def published(world: World) -> list[str]:
    return [jwk["kid"] for jwk in (await world.http.get("/api/accounts/jwks.json")).json()["keys"]]


async def rotate(world: World) -> dict[str, Any]:
    answer = await world.post("signing-keys", None)
    assert answer.status_code == 201, answer.text
    key: dict[str, Any] = answer.json()
    return key


async def keep_up(*worlds: World) -> None:
    for world in worlds:
        await world.runtime.keys.refresh()
        await world.runtime.keys.keep_up()


async def test_rotation_signs_nobody_out(start_world: StartWorld) -> None:
    async with start_world(signing_key_wait_seconds=600) as started:
        world, refresh_token = await started.signed_in()
        old = await kid_of(world)
        new = (await rotate(world))["id"]
        assert await published(world) == [old, new]
        assert await world.told(new) == ["signing_key.added.v1"]
        assert await kid_of(world) == old, "until everybody knows the new one"
        world.clock.advance(600)
        assert await kid_of(world) == new
        assert (await world.get("me")).status_code == 200, "with a token that the old one has signed"
        assert (await world.refresh(refresh_token)).status_code == 200


async def test_the_old_key_goes_when_its_last_token_has_expired(start_world: StartWorld) -> None:
    async with start_world(signing_key_wait_seconds=600) as started:
        world, _ = await started.signed_in()
        old, new = await kid_of(world), (await rotate(world))["id"]
        world.clock.advance(600 + 86400 + 59)
        await keep_up(world)
        assert await published(world) == [old, new]
        world.clock.advance(1)
        await keep_up(world)
        assert await published(world) == [new]
        assert await world.told(old) == ["signing_key.added.v1", "signing_key.retired.v1"]
        assert await world.pool.fetchval("select array_agg(key_id) from private_keys") == [new]
        assert (await (await world.signed_in())[0].get("me")).status_code == 200


async def test_a_key_that_waits_is_answered_again_instead_of_another(start_world: StartWorld) -> None:
    async with start_world() as one, start_world() as other:
        worlds = [(await replica.signed_in())[0] for replica in (one, other)]
        keys = await asyncio.gather(*(rotate(world) for world in worlds * 2))
        assert len({key["id"] for key in keys}) == 1
        assert await one.told_in_all("signing_key.added.v1") == 2


async def test_a_key_that_is_too_old_gets_one_successor_of_all_replicas(start_world: StartWorld) -> None:
    async with start_world(signing_key_days=30) as one, start_world(signing_key_days=30) as other:
        for days in (29.9, 0.1, 0.5, 2, 27.5):
            for replica in (one, other):
                replica.clock.advance(days * 86400)
            await keep_up(one, other, one)
        assert await one.told_in_all("signing_key.added.v1") == 3
        assert await one.told_in_all("signing_key.retired.v1") == 1
        assert await published(one) == await published(other)


async def test_replicas_sign_by_the_same_key_whoever_has_made_it(start_world: StartWorld) -> None:
    async with start_world(signing_key_wait_seconds=60) as one, start_world(signing_key_wait_seconds=60) as other:
        world, _ = await one.signed_in()
        new = (await rotate(world))["id"]
        await keep_up(other)
        for replica in (one, other):
            replica.clock.advance(61)
            assert await kid_of(replica) == new


async def test_operators_see_the_keys_and_what_will_become_of_them(start_world: StartWorld) -> None:
    async with start_world(signing_key_wait_seconds=600) as started:
        world, _ = await started.signed_in()
        (only,) = (await world.get("signing-keys")).json()["items"]
        assert (only["signs"], only["retires_at"]) == (True, None)
        made = await rotate(world)
        assert (made["signs"], made["retires_at"]) == (False, None)
        old, new = (await world.get("signing-keys")).json()["items"]
        assert (old["signs"], new) == (True, made)
        ends = datetime.fromisoformat(old["retires_at"]) - datetime.fromisoformat(new["signs_from"])
        assert ends == LONGEST_TOKEN + MARGIN


async def test_the_shell_rotates_beside_the_running_service(
    start_world: StartWorld, accounts_settings: Settings
) -> None:
    async with start_world() as world:
        made = await rotate_signing_key(accounts_settings)
        assert await rotate_signing_key(accounts_settings) == made
        assert await world.told(made.id) == ["signing_key.added.v1"]
        await world.runtime.keys.refresh()
        assert made.id in await published(world)


async def test_the_shell_makes_no_key_that_the_service_could_not_read(
    start_world: StartWorld, accounts_settings: Settings
) -> None:
    async with start_world(signing_key_password=SECRET) as world:
        with pytest.raises(LockedKey):
            await rotate_signing_key(accounts_settings)
        assert await world.told_in_all("signing_key.added.v1") == 1


async def test_only_who_manages_settings_rotates(world: World) -> None:
    jane = await world.user()
    client, _ = await world.signed_in(jane["email"], "Jane's password")
    assert (await client.post("signing-keys", None)).status_code == 403
    assert (await client.get("signing-keys")).status_code == 403
