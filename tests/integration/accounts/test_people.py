"""Client users and administrators over HTTP."""

import asyncio
import uuid
from typing import Any

import pytest

from tests.integration.accounts.accounts_world import EMAIL, World

ANN = {"name": "Ann", "email": "ann@provider.example", "password": "Ann's password"}


async def test_a_user_belongs_to_an_account_and_shows_no_password(world: World) -> None:
    account = await world.made("accounts", name="Acme")
    made = await world.user(account_id=account["id"], email="Jane@Example.com")
    assert made == {
        "id": made["id"],
        "version": 1,
        "account_id": account["id"],
        "name": "Jane",
        "email": "Jane@Example.com",
        "external_id": None,
        "enabled": True,
    }
    assert (await world.get(f"users/{made['id']}")).json() == made


async def test_a_user_of_no_account_is_refused(world: World) -> None:
    body = {"account_id": str(uuid.uuid4()), "name": "Jane", "email": "jane@example.com", "password": "long enough"}
    response = await world.post("users", body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/account_id"


async def test_a_user_without_a_password_cannot_sign_in_and_takes_as_long_to_refuse(world: World) -> None:
    account = await world.made("accounts", name="Acme")
    made = await world.made("users", account_id=account["id"], name="Jane", email="jane@example.com")
    before = world.hasher.verified
    for password in ("", "whatever it may be"):
        assert (await world.sign_in(made["email"], password)).status_code == 401
    assert world.hasher.verified == before + 2
    await world.patch(f"users/{made['id']}", {"password": "Jane's password"})
    assert (await world.sign_in(made["email"], "Jane's password")).status_code == 200


async def test_users_are_listed_by_account(world: World) -> None:
    account = await world.made("accounts", name="Acme")
    await world.user("b@example.com", account_id=account["id"], name="Bob")
    await world.user("a@example.com", account_id=account["id"], name="amy")
    await world.user("c@example.com", name="Somebody else's")
    found = (await world.get("users", account_id=account["id"])).json()
    assert [user["name"] for user in found["items"]] == ["amy", "Bob"]
    assert len((await world.get("users")).json()["items"]) == 3


async def test_an_address_is_one_persons_in_any_case(world: World) -> None:
    await world.user("Jane@example.com")
    for email in ["jane@example.com", "JANE@EXAMPLE.COM", " jane@example.com "]:
        response = await world.post("administrators", {**ANN, "email": email})
        assert response.status_code == 409
        assert response.json()["type"] == "urn:helpdesk:problem:email-taken"
    assert (await world.get("administrators", name="Ann")).json()["items"] == []
    assert await world.told_in_all("administrator.created.v1") == 1, "only the first administrator"


async def test_of_people_created_at_once_with_one_address_there_is_one(world: World) -> None:
    answers = await asyncio.gather(*(world.post("administrators", ANN) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    assert await world.told_in_all("administrator.created.v1") == 2


async def test_a_retry_creates_nobody_twice(world: World) -> None:
    answers = await asyncio.gather(*(world.post("administrators", ANN, key="one") for _ in range(4)))
    late = await world.post("administrators", ANN, key="one")
    assert {answer.status_code for answer in (*answers, late)} == {201}
    assert {answer.json()["id"] for answer in (*answers, late)} == {late.json()["id"]}
    assert await world.told_in_all("administrator.created.v1") == 2
    other = await world.post("administrators", {**ANN, "name": "Anna"}, key="one")
    assert other.status_code == 422


async def test_a_retry_after_an_edit_still_answers_who_was_created(world: World) -> None:
    made = await world.post("administrators", ANN, key="one")
    await world.patch(f"administrators/{made.json()['id']}", {"email": "ann@elsewhere.example"})
    again = await world.post("administrators", ANN, key="one")
    assert again.status_code == 201
    assert again.json()["id"] == made.json()["id"]


async def test_an_edit_changes_name_address_and_whether_enabled(world: World) -> None:
    made = await world.user()
    changes = {"name": "Joan", "email": "joan@example.com", "enabled": False}
    response = await world.patch(f"users/{made['id']}", changes, '"1"')
    assert response.json() == {**made, **changes, "version": 2}
    assert await world.told(made["id"]) == ["user.created.v1", "user.changed.v1"]
    assert (await world.patch(f"users/{made['id']}", changes, '"1"')).status_code == 412


async def test_an_address_given_up_is_free_and_a_taken_one_is_not(world: World) -> None:
    jane, joan = await world.user("jane@example.com"), await world.user("joan@example.com")
    clash = await world.patch(f"users/{joan['id']}", {"email": "Jane@Example.com", "name": "Jane Two"})
    assert clash.status_code == 409
    assert (await world.get(f"users/{joan['id']}")).json() == joan
    await world.patch(f"users/{jane['id']}", {"email": "elsewhere@example.com"})
    assert (await world.patch(f"users/{joan['id']}", {"email": "jane@example.com"})).status_code == 200


async def test_people_who_swap_addresses_at_once_are_told_that_they_are_taken(world: World) -> None:
    jane, joan = await world.user("jane@example.com"), await world.user("joan@example.com")
    for _ in range(5):
        answers = await asyncio.gather(
            world.patch(f"users/{jane['id']}", {"email": "joan@example.com"}),
            world.patch(f"users/{joan['id']}", {"email": "jane@example.com"}),
        )
        assert [answer.status_code for answer in answers] == [409, 409]


async def test_a_person_may_write_their_own_address_differently(world: World) -> None:
    jane = await world.user("jane@example.com")
    assert (await world.patch(f"users/{jane['id']}", {"email": "Jane@example.com"})).status_code == 200


async def test_a_changed_password_is_the_only_one_that_opens(world: World) -> None:
    jane = await world.user()
    changed = await world.patch(f"users/{jane['id']}", {"password": "Jane's new password"}, '"1"')
    assert changed.json() == {**jane, "version": 2}
    assert await world.told(jane["id"]) == ["user.created.v1", "user.password_changed.v1"]
    assert (await world.sign_in(jane["email"], "Jane's password")).status_code == 401
    assert (await world.sign_in(jane["email"], "Jane's new password")).status_code == 200


async def test_a_refused_edit_leaves_the_password_as_it_was(world: World) -> None:
    jane = await world.user()
    await world.user("joan@example.com")
    both = {"password": "Jane's new password", "email": "joan@example.com"}
    assert (await world.patch(f"users/{jane['id']}", both)).status_code == 409
    assert (await world.patch(f"users/{jane['id']}", {"password": "Jane's new password"}, '"7"')).status_code == 412
    assert (await world.sign_in(jane["email"], "Jane's password")).status_code == 200


async def test_a_user_is_no_administrator(world: World) -> None:
    jane = await world.user()
    assert (await world.get(f"administrators/{jane['id']}")).status_code == 404
    assert (await world.patch(f"administrators/{jane['id']}", {"password": "stolen access"})).status_code == 404
    assert (await world.sign_in(jane["email"], "Jane's password")).status_code == 200


async def test_nobody_disables_themselves(world: World) -> None:
    me = (await world.get("me")).json()
    response = await world.patch(f"administrators/{me['id']}", {"enabled": False})
    assert response.status_code == 409
    assert (await world.sign_in(EMAIL)).status_code == 200


WRONG: list[tuple[str, Any]] = [
    ("password", "too short"),
    ("password", "x" * 201),
    ("password", None),
    ("email", "nobody"),
    ("email", None),
    ("name", ""),
    ("enabled", None),
]


async def test_what_is_wrong_with_a_person_is_named_but_not_quoted(world: World, subtests: pytest.Subtests) -> None:
    jane = await world.user()
    for field, value in WRONG:
        with subtests.test(field=field, value=value):
            response = await world.patch(f"users/{jane['id']}", {field: value})
            assert response.status_code == 422
            assert [error["pointer"] for error in response.json()["errors"]] == [f"/{field}"]
            assert field != "password" or str(value) not in response.text
    assert await world.told(jane["id"]) == ["user.created.v1"]


# --- rights ----------------------------------------------------------------------------------
_ROUTES = [
    ("POST", "accounts"),
    ("GET", "accounts"),
    ("GET", "accounts/{id}"),
    ("PATCH", "accounts/{id}"),
    ("POST", "users"),
    ("GET", "users"),
    ("GET", "users/{id}"),
    ("PATCH", "users/{id}"),
    ("POST", "administrators"),
    ("GET", "administrators"),
    ("PATCH", "administrators/{id}"),
    ("POST", "groups"),
    ("GET", "projects"),
    ("POST", "api-keys"),
    ("GET", "api-keys"),
    ("DELETE", "api-keys/{id}"),
]


async def test_clients_and_strangers_learn_of_nobody_and_systems_only_read_what_their_key_says(world: World) -> None:
    jane = await world.user()
    client = (await world.sign_in(jane["email"], "Jane's password")).json()["access_token"]
    made = await world.made(
        "api-keys", name="billing", scopes=["tickets:submit", "tickets:read", "log:read", "people:read"]
    )
    system = (await world.exchange(made["key"])).json()["access_token"]
    for method, path in _ROUTES:
        reads = method == "GET" and path.split("/")[0] in {"accounts", "users", "groups", "projects"}
        of_system = (404 if "{id}" in path and not path.startswith("users") else 200) if reads else 403
        for token, status in ((client, 403), (system, of_system), ("nonsense", 401), ("", 401)):
            headers = {"Authorization": f"Bearer {token}", "If-Match": "*", "Idempotency-Key": "one"}
            url = f"/api/accounts/{path}".replace("{id}", jane["id"])
            response = await world.http.request(method, url, json={"name": "x"}, headers=headers if token else {})
            assert response.status_code == status, (method, path, response.text)
