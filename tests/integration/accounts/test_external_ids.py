"""What other systems call accounts and users."""

import asyncio
import json
import math

from tests.integration.accounts.accounts_world import World

TAKEN = "urn:helpdesk:problem:external-id-taken"


async def test_an_external_id_is_one_accounts(world: World) -> None:
    await world.made("accounts", name="Acme", external_id="7")
    refused = await world.post("accounts", {"name": "Bolt", "external_id": " 7 "})
    assert (refused.status_code, refused.json()["type"]) == (409, TAKEN)
    assert [one["name"] for one in (await world.get("accounts")).json()["items"]] == ["Acme"]


async def test_only_a_whole_number_is_taken_for_its_digits(world: World) -> None:
    assert [(await world.made("accounts", name="A", external_id=n))["external_id"] for n in (7, 8.0)] == ["7", "8"]
    for no_id in (True, 1.5, math.nan, math.inf):
        body = json.dumps({"name": "A", "external_id": no_id})  # with NaN and Infinity, which Python reads as well
        headers = {**world._headers(), "Idempotency-Key": "one", "Content-Type": "application/json"}
        refused = await world.http.post("/api/accounts/accounts", content=body, headers=headers)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/external_id")


async def test_an_account_and_a_user_may_be_called_the_same(world: World) -> None:
    account = await world.made("accounts", name="Acme", external_id="7")
    jane = await world.user(account_id=account["id"], external_id="7")
    assert (await world.get("accounts", external_id="7")).json()["items"] == [account]
    assert (await world.get("users", external_id="7")).json()["items"] == [jane]
    assert (await world.get("users", external_id="8")).json()["items"] == []


async def test_an_external_id_given_up_is_free(world: World) -> None:
    acme = await world.made("accounts", name="Acme", external_id="7")
    bolt = await world.made("accounts", name="Bolt")
    assert (await world.patch(f"accounts/{bolt['id']}", {"external_id": "7", "name": "Bolts"})).json()["type"] == TAKEN
    assert (await world.get(f"accounts/{bolt['id']}")).json() == bolt
    assert (await world.patch(f"accounts/{acme['id']}", {"external_id": None})).json()["external_id"] is None
    assert (await world.patch(f"accounts/{bolt['id']}", {"external_id": "7"})).status_code == 200
    assert (await world.get("accounts", external_id="7")).json()["items"][0]["id"] == bolt["id"]


async def test_of_accounts_created_at_once_with_one_external_id_there_is_one(world: World) -> None:
    bodies = [{"name": f"Acme {n}", "external_id": "7"} for n in range(6)]
    answers = await asyncio.gather(*(world.post("accounts", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    assert await world.told_in_all("account.created.v1") == 1


async def test_accounts_that_swap_external_ids_at_once_are_told_that_they_are_taken(world: World) -> None:
    acme = await world.made("accounts", name="Acme", external_id="1")
    bolt = await world.made("accounts", name="Bolt", external_id="2")
    answers = await asyncio.gather(
        world.patch(f"accounts/{acme['id']}", {"external_id": "2"}),
        world.patch(f"accounts/{bolt['id']}", {"external_id": "1"}),
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    shown = [(await world.get(f"accounts/{one['id']}")).json()["external_id"] for one in (acme, bolt)]
    assert shown[0] != shown[1]
