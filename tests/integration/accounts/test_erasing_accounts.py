"""Forgetting an account with its users, for good."""

import asyncio
import uuid
from typing import Any

from tests.integration.accounts.accounts_world import World

WRITTEN = (
    "Acme",
    "acme-7",
    "Jane",
    "Jeanne",
    "jane@example.com",
    "jane-3",
    "Pays late",
    "vps",
    "4711.00",
    "2024-03-01",
)
USERS_TOLD = ["user.created.v1", "user.changed.v1", "user.deleted.v1"]


async def acme(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """An account of which everything is known, and its user."""
    group = await world.made("groups", name="Key accounts")
    account = await world.made(
        "accounts",
        name="Acme",
        external_id="acme-7",
        attitude="bad",
        group_id=group["id"],
        services=[{"product_type": "vps", "price": "4711.00"}],
        balance="-4711.00",
        registered_on="2024-03-01",
        comment="Pays late.",
    )
    jane = await world.user(account_id=account["id"], external_id="jane-3")
    await world.patch(f"users/{jane['id']}", {"name": "Jeanne"})
    return account, jane


async def test_nothing_that_was_told_of_them_is_left(world: World) -> None:
    account, _ = await acme(world)
    before = "".join((await world.tables()).values())
    assert [text for text in WRITTEN if text not in before] == [], "it was there"
    assert (await world.delete(f"accounts/{account['id']}")).status_code == 204
    after = "".join((await world.tables()).values())
    assert [text for text in WRITTEN if text in after] == []
    assert account["group_id"] not in await of_log(world, account["id"])


async def of_log(world: World, entity: str) -> str:
    rows = await world.pool.fetch("select envelope from log where entity = $1", uuid.UUID(entity))
    return "".join(row["envelope"] for row in rows)


async def test_that_they_were_there_stays_and_is_told(world: World) -> None:
    account, jane = await acme(world)
    response = await world.delete(f"accounts/{account['id']}")
    assert await world.told(account["id"]) == ["account.created.v1", "account.deleted.v1"]
    assert await world.told(jane["id"]) == USERS_TOLD
    states = await world.pool.fetch(
        "select state::jsonb = '{\"deleted\": true}' as gone from entities where id = any($1)",
        [uuid.UUID(account["id"]), uuid.UUID(jane["id"])],
    )
    assert [row["gone"] for row in states] == [True, True]
    last = await world.pool.fetchval("select max(position) from log")
    assert response.headers["Consistency-Token"].endswith(f".{last}")


async def test_the_stream_is_to_forget_them_up_to_the_deletion(world: World) -> None:
    account, jane = await acme(world)
    await world.delete(f"accounts/{account['id']}")
    rows = await world.pool.fetch("select l.entity, l.type from erasures e join log l using (position) order by l.type")
    assert [(str(row["entity"]), row["type"]) for row in rows] == [
        (account["id"], "account.deleted.v1"),
        (jane["id"], "user.deleted.v1"),
    ]


async def test_it_is_gone_from_wherever_it_was_shown(world: World) -> None:
    account, jane = await acme(world)
    token = (await world.sign_in(jane["email"], "Jane's password")).json()["access_token"]
    await world.delete(f"accounts/{account['id']}")
    one = f"accounts/{account['id']}"
    for path in (one, f"{one}/history", f"{one}/export", f"users/{jane['id']}"):
        assert (await world.get(path)).status_code == 404, path
    assert (await world.patch(one, {"name": "Back"})).status_code == 404
    for path in ("accounts", "users"):
        for query in ({}, {"enabled": True}, {"external_id": "acme-7"}, {"name": "a"}):
            assert (await world.get(path, **query)).json()["items"] == []
    assert (await world.get("users", account_id=account["id"])).json()["items"] == []
    assert (await world.sign_in(jane["email"], "Jane's password")).status_code == 401
    assert (await world.as_holder_of(token).get("me")).status_code == 401


async def test_no_session_outlives_it_nor_from_where_it_came(world: World) -> None:
    account, jane = await acme(world)
    await world.from_address("session", {"email": jane["email"], "password": "Jane's password"}, "198.51.100.77")
    await world.made("password-resets", person_id=jane["id"])
    await world.delete(f"accounts/{account['id']}")
    for table in ("sessions", "password_resets", "credentials"):
        assert jane["id"] not in (await world.tables())[table], table
    assert "198.51.100.77" not in "".join((await world.tables()).values())


async def test_what_they_were_called_is_free_again(world: World) -> None:
    account, _ = await acme(world)
    await world.delete(f"accounts/{account['id']}")
    again, jane = await acme(world)
    assert (await world.get("accounts")).json()["items"] == [again]
    assert (await world.sign_in(jane["email"], "Jane's password")).status_code == 200


async def test_a_second_time_does_nothing_more(world: World) -> None:
    account, _ = await acme(world)
    answers = await asyncio.gather(*(world.delete(f"accounts/{account['id']}") for _ in range(4)))
    assert {answer.status_code for answer in (*answers, await world.delete(f"accounts/{account['id']}"))} == {204}
    assert await world.told_in_all("account.deleted.v1") == 1
    assert await world.told_in_all("user.deleted.v1") == 1


async def test_what_never_was_an_account_is_not_found(world: World) -> None:
    jane = await world.user()
    for entity in (jane["id"], str(uuid.uuid4())):
        assert (await world.delete(f"accounts/{entity}")).status_code == 404
    assert await world.told(jane["id"]) == ["user.created.v1"]


async def test_others_are_left_as_they_were(world: World) -> None:
    account, _ = await acme(world)
    joan = await world.user("joan@example.com")
    await world.delete(f"accounts/{account['id']}")
    assert (await world.get(f"users/{joan['id']}")).json() == joan
    assert (await world.sign_in("joan@example.com", "Jane's password")).status_code == 200


async def test_users_who_come_while_it_goes_are_refused_or_go_with_it(world: World) -> None:
    account = await world.made("accounts", name="Acme")
    body = {"account_id": account["id"], "name": "Jane"}
    creations = [world.post("users", {**body, "email": f"jane{n}@example.com"}) for n in range(8)]
    deletion, *answers = await asyncio.gather(world.delete(f"accounts/{account['id']}"), *creations)
    assert deletion.status_code == 204
    assert {answer.status_code for answer in answers} <= {201, 422, 404}
    assert (await world.get("users")).json()["items"] == []
    assert await world.pool.fetchval("select count(*) from credentials") == 1, "only the first administrator's"
    assert (await world.post("users", {**body, "email": "late@example.com"})).status_code == 422


async def test_a_retry_of_a_creation_does_not_bring_it_back(world: World) -> None:
    first = await world.post("accounts", {"name": "Acme"}, key="one")
    await world.delete(f"accounts/{first.json()['id']}")
    assert (await world.post("accounts", {"name": "Acme"}, key="one")).status_code == 404
    assert await world.told_in_all("account.created.v1") == 1


async def test_agents_and_systems_erase_nobody(world: World) -> None:
    account, _ = await acme(world)
    body = {"name": "Ann", "email": "ann@provider.example", "password": "a long password"}
    await world.made("administrators", **body, rights=["manage_people", "delete"])
    agent = (await world.sign_in(body["email"], body["password"])).json()["access_token"]
    made = await world.made("api-keys", name="billing", scopes=["people:read", "people:write"])
    system = (await world.exchange(made["key"])).json()["access_token"]
    for token in (agent, system):
        assert (await world.as_holder_of(token).delete(f"accounts/{account['id']}")).status_code == 403
    assert (await world.as_holder_of(system).get(f"accounts/{account['id']}/export")).status_code == 403
