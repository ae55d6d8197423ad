"""Administrators over HTTP: roles, rights, and who may change whom."""

import asyncio
from typing import Any

import pytest

from tests.integration.accounts.accounts_world import World

ABOVE = "urn:helpdesk:problem:above-own-rights"
LAST = "urn:helpdesk:problem:last-owner"


async def joined(world: World, name: str, **fields: Any) -> tuple[dict[str, Any], World]:
    """An administrator, and the world as they meet it."""
    email, password = f"{name}@provider.example", "a long password"
    made = await world.made("administrators", name=name, email=email, password=password, **fields)
    token = (await world.sign_in(email, password)).json()["access_token"]
    return made, world.as_holder_of(token)


async def me(world: World) -> str:
    mine: str = (await world.get("me")).json()["id"]
    return mine


async def test_the_first_is_an_owner_and_others_are_agents_unless_said(world: World) -> None:
    first = (await world.get(f"administrators/{await me(world)}")).json()
    assert (first["role"], first["rights"]) == ("owner", [])
    ann, _ = await joined(world, "ann")
    assert (ann["role"], ann["rights"]) == ("agent", [])


async def test_rights_are_told_once_each_and_in_order(world: World) -> None:
    ann, _ = await joined(world, "ann", role="observer", rights=["unblock", "act_as", "unblock"])
    assert ann["rights"] == ["act_as", "unblock"]
    changed = await world.patch(f"administrators/{ann['id']}", {"rights": ["act_as", "unblock"]})
    assert changed.json() == ann
    assert (await world.patch(f"administrators/{ann['id']}", {"rights": None})).status_code == 422


async def test_administrators_are_listed_by_role(world: World) -> None:
    ann, _ = await joined(world, "ann", role="manager")
    assert (await world.get("administrators", role="manager")).json()["items"] == [ann]
    assert (await world.get("administrators", role="observer")).json()["items"] == []


async def test_an_agent_reads_people_and_changes_nobody(world: World) -> None:
    account = await world.made("accounts", name="Acme")
    _, agent = await joined(world, "ann")
    assert (await agent.get(f"accounts/{account['id']}")).json() == account
    assert (await agent.get("administrators")).status_code == 200
    bodies = {"accounts": {"name": "Bolt"}, "groups": {"name": "One"}, "projects": {"name": "One"}}
    for path, body in bodies.items():
        assert (await agent.post(path, body)).status_code == 403
    assert (await agent.patch(f"accounts/{account['id']}", {"name": "Bolt"})).status_code == 403
    for path in ("api-keys", f"api-keys/{account['id']}"):
        assert (await agent.get(path)).status_code == 403


async def test_a_right_counts_at_once_and_so_does_being_disabled(world: World) -> None:
    ann, agent = await joined(world, "ann")
    await world.patch(f"administrators/{ann['id']}", {"rights": ["manage_people"]})
    assert (await agent.post("groups", {"name": "One"})).status_code == 201
    await world.patch(f"administrators/{ann['id']}", {"enabled": False})
    assert (await agent.get("groups")).status_code == 401, "the session has ended"


async def test_nobody_gives_or_takes_over_what_is_above_them(world: World) -> None:
    owner = await me(world)
    max_, manager = await joined(world, "max", role="manager")
    body = {"name": "x", "email": "x@provider.example", "password": "a long password"}
    refused = [
        await manager.post("administrators", {**body, "role": "owner"}),
        await manager.post("administrators", {**body, "rights": ["manage_settings"]}),
        await manager.patch(f"administrators/{max_['id']}", {"role": "owner"}),
        await manager.patch(f"administrators/{max_['id']}", {"rights": ["manage_settings"]}),
        await manager.patch(f"administrators/{owner}", {"password": "taken over by me"}),
        await manager.patch(f"administrators/{owner}", {"email": "mine@elsewhere.example"}),
        await manager.patch(f"administrators/{owner}", {"enabled": False}),
    ]
    assert [(answer.status_code, answer.json()["type"]) for answer in refused] == [(403, ABOVE)] * len(refused)
    assert await world.told(owner) == ["administrator.created.v1"]
    assert (await manager.post("administrators", body)).json()["role"] == "agent"


async def test_a_key_that_writes_people_is_made_by_who_may_do_so(world: World) -> None:
    _, agent = await joined(world, "ann", rights=["manage_settings"])
    assert (await agent.post("api-keys", {"name": "k", "scopes": ["people:write"]})).status_code == 403
    assert (await agent.post("api-keys", {"name": "k", "scopes": ["tickets:submit"]})).status_code == 201


@pytest.mark.parametrize("change", [{"role": "manager"}, {"enabled": False}])
async def test_the_last_owner_stays_one(world: World, change: dict[str, Any]) -> None:
    owner = await me(world)
    two, second = await joined(world, "two", role="owner")
    assert (await second.patch(f"administrators/{owner}", change)).status_code == 200
    refused = await second.patch(f"administrators/{two['id']}", {"role": "agent"})
    assert (refused.status_code, refused.json()["type"]) == (409, LAST)


async def test_of_owners_who_demote_each_other_at_once_one_is_left(world: World) -> None:
    for number in range(3):
        owner = await me(world)
        other, second = await joined(world, f"two{number}", role="owner")
        answers = await asyncio.gather(
            world.patch(f"administrators/{other['id']}", {"role": "manager"}),
            second.patch(f"administrators/{owner}", {"role": "manager"}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 403]
        left = (await world.get("administrators", role="owner")).json()["items"]
        assert len(left) == 1
        world = world if left[0]["id"] == owner else second


# --- systems ---------------------------------------------------------------------------------
async def test_a_system_reads_and_writes_people_by_its_scopes(world: World) -> None:
    async def system(*scopes: str) -> World:
        made = await world.made("api-keys", name="billing", scopes=list(scopes))
        return world.as_holder_of((await world.exchange(made["key"])).json()["access_token"])

    reader, writer = await system("people:read"), await system("people:write")
    account = await writer.made("accounts", name="Acme", external_id="7")
    jane = await writer.made("users", account_id=account["id"], name="Jane", email="jane@example.com")
    assert (await writer.patch(f"users/{jane['id']}", {"enabled": False})).status_code == 200
    assert (await writer.post("groups", {"name": "One"})).status_code == 201
    assert (await writer.get("accounts")).status_code == 403
    assert (await reader.get("accounts", external_id="7")).json()["items"] == [account]
    assert (await reader.post("accounts", {"name": "Bolt"})).status_code == 403
    for one in (reader, writer):
        assert (await one.get("administrators")).status_code == 403
        assert (await one.post("administrators", {"name": "x"})).status_code == 403
