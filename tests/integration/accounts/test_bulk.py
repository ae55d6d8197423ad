"""Many accounts in one request."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpx
import pytest

from services.accounts.settings import Settings
from tests.infrastructure.players import served
from tests.integration.accounts.accounts_world import World

PATH = "/api/accounts/bulk"
TOLD = {"created": 0, "changed": 0, "unchanged": 0, "refused": 0}


def ndjson(lines: Iterable[Any]) -> bytes:
    return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)


async def sent(world: World, *lines: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Send lines in one request; the report on each, and its end."""
    headers = {"Authorization": f"Bearer {world.token}"}
    response = await world.http.post(PATH, content=ndjson(lines), headers=headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/x-ndjson"
    *reports, end = [json.loads(line) for line in response.text.splitlines()]
    assert end["done"] is True
    return reports, end


def account(number: int, **fields: Any) -> dict[str, Any]:
    return {"kind": "account", "external_id": str(number), "name": f"Account {number}", **fields}


def person(number: int, **fields: Any) -> dict[str, Any]:
    return {"external_id": f"u{number}", "name": f"User {number}", "email": f"u{number}@example.com", **fields}


async def test_accounts_come_with_services_group_project_and_users(world: World) -> None:
    group, project = await world.made("groups", name="Resellers"), await world.made("projects", name="Nordhost")
    services = [{"product_type": "vps", "price": "19.90"}, {"product_type": "mail", "price": "0.1"}]
    line = account(1, group="resellers", project_id=project["id"], services=services, balance=-4.5, users=[person(1)])
    (report,), end = await sent(world, line)
    (user,) = (await world.get("users", external_id="u1")).json()["items"]
    shown = (await world.get(f"accounts/{report['id']}")).json()
    assert report == {
        "line": 1,
        "kind": "account",
        "external_id": "1",
        "id": shown["id"],
        "result": "created",
        "users": [{"external_id": "u1", "id": user["id"], "result": "created"}],
    }
    assert (shown["group_id"], shown["project_id"]) == (group["id"], project["id"])
    assert (shown["services"], shown["expenses"], shown["balance"]) == (services, "20.00", "-4.5")
    assert (user["account_id"], user["email"]) == (shown["id"], "u1@example.com")
    last = await world.pool.fetchval("select max(position) from log")
    token = end.pop("consistency_token")
    assert token.endswith(f".{last}")
    assert end == {"done": True, "lines": 1, **TOLD, "created": 1}


async def test_the_same_again_is_unchanged_and_tells_nothing(world: World) -> None:
    lines = [account(n, services=[{"product_type": "vps", "price": 5}], users=[person(n)]) for n in range(300)]
    _, first = await sent(world, *lines)
    last = await world.pool.fetchval("select max(position) from log")
    _, again = await sent(world, *lines)
    assert (first["created"], again["unchanged"]) == (300, 300)
    assert await world.pool.fetchval("select max(position) from log") == last


async def test_what_changed_is_changed_and_what_is_left_out_stays(world: World) -> None:
    await sent(world, account(1, comment="Pays late.", users=[person(1)]))
    user = {"kind": "user", "account": "1", "external_id": "u1", "email": "new@example.com"}
    reports, _ = await sent(world, {"kind": "account", "external_id": "1", "name": "Renamed"}, user)
    assert [report["result"] for report in reports] == ["changed", "changed"]
    shown = (await world.get("accounts", external_id="1")).json()["items"][0]
    assert (shown["name"], shown["comment"], shown["version"]) == ("Renamed", "Pays late.", 2)
    assert await world.pool.fetchval("select count(*) from credentials where email = 'new@example.com'") == 1
    assert (await sent(world, account(2, users=[person(2, email="u1@example.com")])))[1]["created"] == 1


async def test_one_bad_line_is_reported_and_stops_no_other(world: World) -> None:
    await world.user("taken@example.com")
    lines: list[tuple[Any, list[str]]] = [
        (b"{nonsense", [""]),
        (b"\xff\xfe", [""]),
        (b"[]", [""]),
        ({"external_id": "1"}, ["/kind"]),
        ({"kind": "server", "external_id": "1"}, ["/kind"]),
        ({"kind": "account", "name": "Acme"}, ["/external_id"]),
        (account(1, balance="lots", nmae="x"), ["/balance", "/nmae"]),
        (account(1, name=None), ["/name"]),
        (account(1, name="a\0b"), ["/name"]),
        (account(1, group="Nobody's"), ["/group"]),
        (account(1, group="x", group_id=None), [""]),
        (account(1, users=[person(1), person(1)]), [""]),
        (account(1, users=[person(1, email="taken@example.com")]), ["/users/0/email"]),
        (account(1, users=[person(1, password="secret password")]), ["/users/0/password"]),
        ({"kind": "user", "account": "404", **person(1)}, ["/account"]),
    ]
    good = account(7)
    reports, end = await sent(world, good, *(line for line, _ in lines), account(8))
    assert [report["line"] for report in reports] == list(range(1, len(lines) + 3))
    found = [[error["pointer"] for error in one["problem"]["errors"]] for one in reports[1:-1]]
    assert found == [pointers for _, pointers in lines]
    assert (end["created"], end["refused"]) == (2, len(lines))
    assert "secret password" not in str(reports)
    assert [one["external_id"] for one in (await world.get("accounts", name="account")).json()["items"]] == ["7", "8"]


async def test_a_line_that_is_too_long_is_passed_over(world: World) -> None:
    reports, _ = await sent(world, account(1, comment="x" * (1 << 20)), account(2))
    assert [report["result"] for report in reports] == ["refused", "created"]
    assert reports[0]["problem"]["status"] == 413


async def test_an_erased_account_that_is_still_billed_is_a_new_one(world: World) -> None:
    (first,), _ = await sent(world, account(1, users=[person(1)]))
    await world.delete(f"accounts/{first['id']}")
    (again,), _ = await sent(world, account(1, users=[person(1)]))
    assert again["result"] == "created"
    assert again["id"] != first["id"]


async def test_addresses_are_swapped_in_one_request(world: World) -> None:
    await sent(world, account(1, users=[person(1), person(2)]))
    users = [person(1, email="x@example.com"), person(2, email="u1@example.com"), person(3, email="u2@example.com")]
    (report,), _ = await sent(world, account(1, users=users))
    assert [user["result"] for user in report["users"]] == ["changed", "changed", "created"]
    rows = await world.pool.fetch(
        "select p.state->>'email' = c.email as same from credentials c join entities p on p.id = c.person"
    )
    assert all(row["same"] for row in rows)


async def test_who_came_in_a_bulk_cannot_sign_in_before_they_have_a_password(world: World) -> None:
    (report,), _ = await sent(world, account(1, users=[person(1)]))
    assert (await world.sign_in("u1@example.com", "")).status_code == 401
    await world.patch(f"users/{report['users'][0]['id']}", {"password": "a long password"})
    assert (await world.sign_in("u1@example.com", "a long password")).status_code == 200


async def test_whom_a_line_disables_is_signed_out_at_once(world: World) -> None:
    reports, _ = await sent(world, account(1, users=[person(1), person(2)]), account(2, users=[person(3)]))
    signed_in = []
    for number, user in enumerate([user for report in reports for user in report["users"]], 1):
        await world.patch(f"users/{user['id']}", {"password": "a long password"})
        signed_in.append((await world.signed_in(f"u{number}@example.com", "a long password"))[0])
    await sent(world, account(1, users=[{"external_id": "u1", "enabled": False}]), account(2, enabled=False))
    assert [(await one.get("me")).status_code for one in signed_in] == [401, 200, 401]
    assert (await world.sign_in("u3@example.com", "a long password")).status_code == 401


async def test_requests_at_the_same_time_make_each_account_once(world: World) -> None:
    forwards = [account(n, users=[person(n)]) for n in range(400)]
    answers = await asyncio.gather(sent(world, *forwards), sent(world, *reversed(forwards)), sent(world, *forwards))
    assert [end["refused"] for _, end in answers] == [0, 0, 0]
    assert sum(end["created"] for _, end in answers) == 400
    assert await world.told_in_all("account.created.v1") == await world.told_in_all("user.created.v1") == 400
    assert await world.told_in_all("account.changed.v1") == 0


async def test_edits_and_erasures_at_the_same_time_lose_nothing(world: World) -> None:
    reports, _ = await sent(world, *(account(n, users=[person(n)]) for n in range(60)))
    ids = [report["id"] for report in reports]
    lines = [account(n, comment=f"c{n}", users=[person(n, name="N")]) for n in range(60)]
    bulk, *others = await asyncio.gather(
        sent(world, *lines),
        *(world.patch(f"accounts/{one}", {"attitude": "good"}) for one in ids[:20]),
        *(world.delete(f"accounts/{one}") for one in ids[40:]),
    )
    assert bulk[1]["refused"] == 0
    assert {answer.status_code for answer in others} <= {200, 204}
    good = (await world.get("accounts", attitude="good", limit=200)).json()["items"]
    assert sorted(int(one["external_id"]) for one in good) == list(range(20))
    assert all(one["comment"] for one in good)


async def test_a_line_that_the_database_chokes_on_takes_no_others_along(world: World) -> None:
    await world.pool.execute("alter table external_ids add constraint no_13 check (external_id <> '13')")
    reports, _ = await sent(world, *(account(n) for n in range(10, 16)))
    assert [report["result"] for report in reports] == [*["created"] * 3, "refused", *["created"] * 2]
    assert reports[3]["problem"]["type"] == "urn:helpdesk:problem:internal-error"


async def test_nobody_sends_accounts_without_the_right(world: World) -> None:
    made = await world.made("api-keys", name="billing", scopes=["people:read"])
    token = (await world.exchange(made["key"])).json()["access_token"]
    for headers, status in (({}, 401), ({"Authorization": f"Bearer {token}"}, 403)):
        response = await world.http.post(PATH, content=ndjson([account(1)]), headers=headers)
        assert response.status_code == status


# --- over the wire ---------------------------------------------------------------------------
@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    """The replica, reached over TCP."""
    settings = Settings(system_key="the key that services share", port=0)
    async with served(world.app, settings, lifespan="off") as server:
        yield f"http://127.0.0.1:{server.bound_port}"


async def test_a_line_is_reported_and_durable_while_the_next_is_not_sent_yet(world: World, url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    headers = ("Transfer-Encoding: chunked", f"Host: {host}", f"Authorization: Bearer {world.token}")
    writer.write("\r\n".join((f"POST {PATH} HTTP/1.1", *headers, "", "")).encode())
    for number in range(3):
        line = ndjson([account(number)])
        writer.write(b"%x\r\n%s\r\n" % (len(line), line))
        report = await reader.readuntil(b"}\n")
        assert b'"result":"created"' in report
        assert (await world.get("accounts", external_id=str(number))).json()["items"]
    writer.close()
    await writer.wait_closed()


async def test_after_a_cut_all_is_sent_again_and_only_the_rest_is_new(world: World, url: str) -> None:
    lines = [account(n, users=[person(n)]) for n in range(1000)]
    headers = {"Authorization": f"Bearer {world.token}"}

    async def cut() -> AsyncIterator[bytes]:
        yield ndjson(lines[:600])
        yield ndjson(lines[600:601])[:-5]
        raise ConnectionResetError

    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        with pytest.raises(ConnectionResetError):
            await client.post(PATH, content=cut(), headers=headers)
    _, end = await sent(world, *lines)
    assert end["refused"] == end["changed"] == 0
    assert end["created"] + end["unchanged"] == 1000
    assert end["created"] >= 400, "the line that was cut was not taken"
    assert await world.told_in_all("account.created.v1") == await world.told_in_all("user.created.v1") == 1000
