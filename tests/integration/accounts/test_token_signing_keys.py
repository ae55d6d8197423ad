"""The keys that access tokens are signed with."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

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


async def test_a_newer_key_signs_and_the_older_still_verifies(start_world: StartWorld) -> None:
    async with start_world() as world:
        older = (await world.sign_in()).json()["access_token"]
        await add_key(world, "newer")
        await world.runtime.keys.refresh()
        newer = (await world.sign_in()).json()["access_token"]
        kids = [jwk["kid"] for jwk in (await world.http.get("/api/accounts/jwks.json")).json()["keys"]]
        assert kids[-1] == "newer"
        for token in (older, newer):
            assert (await world.as_holder_of(token).get("me")).status_code == 200


async def test_a_key_taken_away_verifies_no_more(start_world: StartWorld) -> None:
    async with start_world() as world:
        older = (await world.sign_in()).json()["access_token"]
        await add_key(world, "newer")
        await world.pool.execute("delete from private_keys where key_id <> 'newer'")
        await world.runtime.keys.refresh()
        assert (await world.as_holder_of(older).get("me")).status_code == 401
        newer = (await world.sign_in()).json()["access_token"]
        assert (await world.as_holder_of(newer).get("me")).status_code == 200


async def add_key(world: World, key_id: str) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    await world.pool.execute("insert into private_keys (key_id, pem) values ($1, $2)", key_id, pem.decode())
