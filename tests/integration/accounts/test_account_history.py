"""What happened to an account, and all that is kept of one."""

import json
from typing import Any
from uuid import UUID, uuid4

from libs.events.catalogue.accounts import ActAsEnded, ActAsEndReason, ActAsStarted
from libs.events.envelope import Cause
from libs.events.log import Change, NewEvent
from tests.integration.accounts.accounts_world import World


async def history(world: World, account: dict[str, Any], limit: int = 2) -> list[dict[str, Any]]:
    """All of an account's history, fetched a few at a time."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await world.get(f"accounts/{account['id']}/history", limit=limit, **cursor)).json()
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = {"cursor": page["next_cursor"]}


async def acted(world: World, account: dict[str, Any], user: dict[str, Any], administrator: str) -> UUID:
    """A session of an administrator acting as the user, as the log tells it."""
    log, session = world.runtime.commands.log, uuid4()
    who = {"account_id": account["id"], "user_id": user["id"], "administrator_id": administrator}
    events = [
        NewEvent(ActAsStarted.model_validate({**who, "expires_at": "2026-01-05T10:00:00Z"})),
        NewEvent(ActAsEnded.model_validate({**who, "reason": ActAsEndReason.RETURNED})),
    ]
    change = Change(session, "act_as", 0, events, json.dumps(who).encode())
    cause = Cause(actor=f"user:{administrator}", correlation="test", on_behalf_of=f"user:{user['id']}")
    await log.append([change], cause, await log.now())
    return session


async def test_it_tells_of_the_account_its_users_and_who_acted_as_them_the_newest_first(world: World) -> None:
    me = (await world.get("me")).json()["id"]
    account = await world.made("accounts", name="Acme")
    jane = await world.user(account_id=account["id"])
    await world.patch(f"users/{jane['id']}", {"password": "Jane's new password"})
    session = await acted(world, account, jane, me)
    await world.patch(f"accounts/{account['id']}", {"name": "Acme Ltd"})
    await world.user("joan@example.com", name="Somebody else's")
    items = await history(world, account)
    assert [(item["type"], item["kind"], item["entity_id"]) for item in items] == [
        ("account.changed.v1", "account", account["id"]),
        ("act_as.ended.v1", "act_as", str(session)),
        ("act_as.started.v1", "act_as", str(session)),
        ("user.password_changed.v1", "user", jane["id"]),
        ("user.created.v1", "user", jane["id"]),
        ("account.created.v1", "account", account["id"]),
    ]
    assert {item["actor"] for item in items} == {f"user:{me}"}
    assert [item["on_behalf_of"] for item in items[1:3]] == [f"user:{jane['id']}"] * 2
    assert items[1]["facts"]["reason"] == "returned"
    assert items == await history(world, account, limit=200)


async def test_it_says_what_changed_from_what_to_what(world: World) -> None:
    group = await world.made("groups", name="Key accounts")
    account = await world.made("accounts", name="Acme", services=[{"product_type": "vps", "price": "5"}])
    await world.patch(f"accounts/{account['id']}", {"attitude": "bad", "group_id": group["id"]})
    await world.patch(f"accounts/{account['id']}", {"attitude": "good"})
    newest, changed, created = await history(world, account)
    assert newest["changes"] == [{"field": "attitude", "before": "bad", "after": "good"}]
    assert changed["changes"] == [
        {"field": "attitude", "before": "neutral", "after": "bad"},
        {"field": "group_id", "before": None, "after": group["id"]},
    ]
    assert {one["field"]: one["after"] for one in created["changes"]} == {
        "name": "Acme",
        "attitude": "neutral",
        "services": [{"product_type": "vps", "price": "5"}],
        "expenses": "5",
        "enabled": True,
    }


async def test_it_names_whom_and_what_it_mentions(world: World) -> None:
    me = (await world.get("me")).json()["id"]
    group = await world.made("groups", name="Key accounts")
    account = await world.made("accounts", name="Acme", group_id=group["id"])
    page = (await world.get(f"accounts/{account['id']}/history")).json()
    assert page["names"] == {me: "Administrator", group["id"]: "Key accounts", account["id"]: "Acme"}


async def test_a_senseless_page_is_refused(world: World) -> None:
    account = await world.made("accounts", name="Acme")
    for query in ({"cursor": "nonsense"}, {"limit": 0}, {"limit": 201}):
        assert (await world.get(f"accounts/{account['id']}/history", **query)).status_code == 422
    assert (await world.get(f"accounts/{uuid4()}/history")).status_code == 404


# --- export ----------------------------------------------------------------------------------
async def test_the_export_holds_the_account_its_users_and_its_history(world: World) -> None:
    account = await world.made("accounts", name="Acme", comment="Pays late.")
    users = [await world.user(f"u{n}@example.com", name=f"User {n:03}", account_id=account["id"]) for n in range(3)]
    response = await world.get(f"accounts/{account['id']}/export")
    assert response.headers["content-type"] == "application/json"
    assert account["id"] in response.headers["content-disposition"]
    assert response.json() == {"account": account, "users": users, "history": await history(world, account)}


async def test_the_export_of_an_account_without_users_is_whole(world: World) -> None:
    account = await world.made("accounts", name="Acme")
    exported = (await world.get(f"accounts/{account['id']}/export")).json()
    assert exported["users"] == []
    assert len(exported["history"]) == 1


async def test_the_export_goes_over_many_pages(world: World) -> None:
    account = await world.made("accounts", name="Acme")
    jane = await world.user(account_id=account["id"])
    state = {name: jane[name] for name in ("account_id", "name", "email", "enabled")}
    copies = "select gen_random_uuid(), 'user', 1, $1::json from generate_series(1, 450)"
    await world.pool.execute(f"insert into entities (id, kind, version, state) {copies}", json.dumps(state))
    exported = (await world.get(f"accounts/{account['id']}/export")).json()
    assert len({user["id"] for user in exported["users"]}) == 451


async def test_nobody_exports_without_the_right(world: World) -> None:
    account = await world.made("accounts", name="Acme")
    body = {"name": "Ann", "email": "ann@provider.example", "password": "a long password"}
    await world.made("administrators", **body)
    agent = (await world.sign_in(body["email"], body["password"])).json()["access_token"]
    assert (await world.as_holder_of(agent).get(f"accounts/{account['id']}/export")).status_code == 403
    assert (await world.get(f"accounts/{uuid4()}/export")).status_code == 404
