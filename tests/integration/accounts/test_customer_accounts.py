"""Customer accounts over HTTP."""

import asyncio
import uuid
from typing import Any

import pytest

from libs.service.http import ConsistencyToken, encode_cursor
from tests.integration.accounts.accounts_world import World

VPS = {"product_type": "vps", "price": "19.90"}
MAIL = {"product_type": "mail", "price": 0.1}


async def test_a_created_account_is_shown_with_its_expenses(world: World) -> None:
    group = await world.made("groups", name="Key accounts")
    known = {"external_id": 10457, "balance": "-4.5", "registered_on": "2024-03-01", "comment": "Pays late."}
    made = await world.made(
        "accounts", name="  Acme ", attitude="good", group_id=group["id"], services=[VPS, MAIL], **known
    )
    shown = await world.get(f"accounts/{made['id']}")
    assert shown.json() == made
    assert made == {
        "id": made["id"],
        "version": 1,
        "name": "Acme",
        "external_id": "10457",
        "attitude": "good",
        "group_id": group["id"],
        "project_id": None,
        "services": [{"product_type": "vps", "price": "19.90"}, {"product_type": "mail", "price": "0.1"}],
        "expenses": "20.00",
        "balance": "-4.5",
        "registered_on": "2024-03-01",
        "comment": "Pays late.",
        "enabled": True,
    }


async def test_creation_answers_where_it_is_which_version_and_how_far_the_log_is(world: World) -> None:
    response = await world.post("accounts", {"name": "Acme"})
    assert response.headers["Location"] == f"/api/accounts/accounts/{response.json()['id']}"
    assert response.headers["ETag"] == '"1"'
    token = ConsistencyToken.parse(response.headers["Consistency-Token"])
    assert token.service == "accounts"
    assert token.position == await world.pool.fetchval("select max(position) from log")


async def test_the_event_names_who_asked(world: World) -> None:
    made = await world.made("accounts", name="Acme")
    me = (await world.get("me")).json()
    actor = await world.pool.fetchval("select envelope->>'actor' from log where entity = $1", uuid.UUID(made["id"]))
    assert actor == f"user:{me['id']}"


async def test_a_retry_creates_nothing_more(world: World) -> None:
    first = await world.post("accounts", {"name": "Acme"}, key="one")
    again = await world.post("accounts", {"name": "Acme"}, key="one")
    assert again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["Consistency-Token"] == first.headers["Consistency-Token"]
    assert await world.told_in_all("account.created.v1") == 1


async def test_retries_at_once_create_one(world: World) -> None:
    answers = await asyncio.gather(*(world.post("accounts", {"name": "Acme"}, key="one") for _ in range(8)))
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert await world.told_in_all("account.created.v1") == 1


async def test_a_key_used_for_another_request_is_refused(world: World) -> None:
    await world.post("accounts", {"name": "Acme"}, key="one")
    other = await world.post("accounts", {"name": "Bolt"}, key="one")
    assert other.status_code == 422
    assert other.json()["type"] == "urn:helpdesk:problem:idempotency-key-reused"
    assert await world.told_in_all("account.created.v1") == 1


async def test_creation_needs_an_idempotency_key(world: World) -> None:
    response = await world.http.post(
        "/api/accounts/accounts", json={"name": "Acme"}, headers={"Authorization": f"Bearer {world.token}"}
    )
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "header/Idempotency-Key"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "/name"),
    ({"name": "   "}, "/name"),
    ({"name": "a\0b"}, "/name"),
    ({"name": "Acme", "attitude": "grumpy"}, "/attitude"),
    ({"name": "Acme", "nmae": "x"}, "/nmae"),
    ({"name": "Acme", "services": [{"product_type": "vps", "price": "-1"}]}, "/services/0/price"),
    ({"name": "Acme", "services": [{"product_type": "vps", "price": "NaN"}]}, "/services/0/price"),
    ({"name": "Acme", "external_id": " "}, "/external_id"),
    ({"name": "Acme", "balance": "NaN"}, "/balance"),
    ({"name": "Acme", "registered_on": "yesterday"}, "/registered_on"),
    ({"name": "Acme", "comment": "x" * 10_001}, "/comment"),
    ({"name": "Acme", "group_id": str(uuid.uuid4())}, "/group_id"),
    ({"name": "Acme", "project_id": str(uuid.uuid4())}, "/project_id"),
]


async def test_what_is_wrong_is_named_and_leaves_no_trace(world: World, subtests: pytest.Subtests) -> None:
    for body, pointer in WRONG:
        with subtests.test(body=body):
            response = await world.post("accounts", body)
            assert response.status_code == 422
            assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert await world.told_in_all("account.created.v1") == 0


async def test_a_project_is_no_group(world: World) -> None:
    project = await world.made("projects", name="Brand")
    assert (await world.post("accounts", {"name": "Acme", "group_id": project["id"]})).status_code == 422


async def test_an_edit_replaces_the_services(world: World) -> None:
    made = await world.made("accounts", name="Acme", services=[VPS, MAIL])
    response = await world.patch(f"accounts/{made['id']}", {"services": [MAIL]}, '"1"')
    assert response.headers["ETag"] == '"2"'
    assert response.json() == {
        **made,
        "version": 2,
        "services": [{"product_type": "mail", "price": "0.1"}],
        "expenses": "0.1",
    }
    assert (await world.get(f"accounts/{made['id']}")).json() == response.json()
    assert await world.told(made["id"]) == ["account.created.v1", "account.changed.v1"]


async def test_an_edit_of_an_older_version_is_refused(world: World) -> None:
    made = await world.made("accounts", name="Acme")
    await world.patch(f"accounts/{made['id']}", {"name": "Bolt"}, '"1"')
    response = await world.patch(f"accounts/{made['id']}", {"name": "Cord"}, '"1"')
    assert response.status_code == 412
    assert (await world.get(f"accounts/{made['id']}")).json()["name"] == "Bolt"


async def test_of_edits_of_one_version_at_once_one_is_taken(world: World) -> None:
    made = await world.made("accounts", name="Acme")
    edits = (world.patch(f"accounts/{made['id']}", {"name": f"Name {n}"}, '"1"') for n in range(6))
    statuses = [response.status_code for response in await asyncio.gather(*edits)]
    assert sorted(statuses) == [200, *[412] * 5]


async def test_an_edit_must_say_of_which_version(world: World) -> None:
    made = await world.made("accounts", name="Acme")
    assert (await world.patch(f"accounts/{made['id']}", {"name": "Bolt"}, etag=None)).status_code == 428


async def test_an_edit_to_what_already_is_tells_nothing(world: World) -> None:
    made = await world.made("accounts", name="Acme", services=[VPS])
    response = await world.patch(f"accounts/{made['id']}", {"services": [VPS], "enabled": True})
    assert response.json() == made
    assert await world.told(made["id"]) == ["account.created.v1"]


async def test_null_takes_an_account_out_of_its_group_and_is_nonsense_for_its_name(world: World) -> None:
    group = await world.made("groups", name="Key accounts")
    made = await world.made("accounts", name="Acme", group_id=group["id"])
    assert (await world.patch(f"accounts/{made['id']}", {"group_id": None})).json()["group_id"] is None
    refused = await world.patch(f"accounts/{made['id']}", {"name": None})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/name"


async def test_what_is_not_there_or_is_of_another_kind_is_not_found(world: World) -> None:
    group = await world.made("groups", name="Key accounts")
    for entity in (group["id"], str(uuid.uuid4())):
        assert (await world.get(f"accounts/{entity}")).status_code == 404
        assert (await world.patch(f"accounts/{entity}", {"name": "Acme"})).status_code == 404
    assert await world.told(group["id"]) == ["group.created.v1"]


# --- lists -----------------------------------------------------------------------------------
async def listed(world: World, path: str = "accounts", **query: Any) -> list[str]:
    """Answer the names in a list, fetched two at a time."""
    names: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        response = await world.get(path, limit=2, **query, **cursor)
        assert response.status_code == 200, response.text
        assert len(response.json()["items"]) <= 2
        names += [item["name"] for item in response.json()["items"]]
        if response.json()["next_cursor"] is None:
            return names
        cursor = {"cursor": response.json()["next_cursor"]}


async def test_pages_go_by_name_in_any_case_and_miss_nobody(world: World) -> None:
    for name in ("delta", "Bravo", "alpha", "Charlie", "alpha"):
        await world.made("accounts", name=name)
    assert await listed(world) == ["alpha", "alpha", "Bravo", "Charlie", "delta"]


async def test_a_page_that_is_just_full_is_the_last(world: World) -> None:
    for name in ("alpha", "bravo"):
        await world.made("accounts", name=name)
    assert (await world.get("accounts", limit=2)).json()["next_cursor"] is None


async def test_lists_are_narrowed_by_part_of_the_name(world: World) -> None:
    for name in ("Acme Hosting", "Hosting 100% Ltd", "Bolt_Hosts", "Zoë"):
        await world.made("accounts", name=name)
    assert await listed(world, name="hosting") == ["Acme Hosting", "Hosting 100% Ltd"]
    assert await listed(world, name="ACME") == ["Acme Hosting"]
    assert await listed(world, name="0%") == ["Hosting 100% Ltd"]
    assert await listed(world, name="t_h") == ["Bolt_Hosts"]
    assert await listed(world, name="ZOË") == ["Zoë"]
    assert await listed(world, name="\\") == []


async def test_lists_are_narrowed_by_group_project_and_whether_enabled(world: World) -> None:
    group, project = await world.made("groups", name="g"), await world.made("projects", name="p")
    await world.made("accounts", name="both", group_id=group["id"], project_id=project["id"], attitude="bad")
    await world.made("accounts", name="grouped", group_id=group["id"], enabled=False)
    await world.made("accounts", name="neither")
    assert await listed(world, group_id=group["id"]) == ["both", "grouped"]
    assert await listed(world, group_id=group["id"], enabled=True) == ["both"]
    assert await listed(world, project_id=project["id"]) == ["both"]
    assert await listed(world, enabled=False) == ["grouped"]
    assert await listed(world, attitude="bad", enabled=True) == ["both"]
    assert await listed(world, attitude="neutral") == ["grouped", "neither"]


async def test_a_senseless_list_is_refused(world: World) -> None:
    forged = encode_cursor(["nul \0", uuid.uuid4()])
    headers = {"Authorization": f"Bearer {world.token}"}
    for query in ("cursor=nonsense", f"cursor={forged}", "limit=0", "limit=201", "group_id=x", "name=%00"):
        response = await world.http.get(f"/api/accounts/accounts?{query}", headers=headers)
        assert response.status_code == 422, query


# --- groups and projects ---------------------------------------------------------------------
@pytest.mark.parametrize(("path", "kind"), [("groups", "group"), ("projects", "project")])
async def test_groups_and_projects_are_created_renamed_and_listed(world: World, path: str, kind: str) -> None:
    made = await world.made(path, name="One")
    await world.made(path, name="Another")
    renamed = await world.patch(f"{path}/{made['id']}", {"name": "Two"}, '"1"')
    assert renamed.json() == {"id": made["id"], "version": 2, "name": "Two"}
    assert (await world.get(f"{path}/{made['id']}")).json() == renamed.json()
    assert (await world.patch(f"{path}/{made['id']}", {"name": "Three"}, '"1"')).status_code == 412
    assert await listed(world, path) == ["Another", "Two"]
    assert await world.told(made["id"]) == [f"{kind}.created.v1", f"{kind}.changed.v1"]


async def test_one_key_names_a_group_and_a_project_apart(world: World) -> None:
    first = await world.post("groups", {"name": "One"}, key="one")
    second = await world.post("projects", {"name": "One"}, key="one")
    again = await world.post("groups", {"name": "One"}, key="one")
    assert [first.status_code, second.status_code] == [201, 201]
    assert again.json() == first.json()
