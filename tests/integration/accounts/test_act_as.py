"""Administrators who act as clients, over HTTP."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from libs.events.envelope import Cause
from services.accounts.domain import ADMINISTRATOR
from tests.integration.accounts.accounts_world import StartWorld, World

STARTED, ENDED, SESSION_ENDED = "act_as.started.v1", "act_as.ended.v1", "session.ended.v1"
SAMS = "Sam's password"


async def acting(world: World, user: str) -> World:
    """The world as an administrator sees it who acts as this user."""
    answer = await world.post("act-as", {"user_id": user})
    assert answer.status_code == 201, answer.text
    return world.as_holder_of(answer.json()["access_token"])


async def session_of(world: World) -> str:
    """The id of the latest session of acting."""
    found = await world.pool.fetchval("select id from entities where kind = 'act_as' order by id desc limit 1")
    return str(found)


async def reason(world: World, session: str) -> str:
    statement = "select envelope->'data'->>'reason' from log where entity = $1 and type = $2"
    found: str = await world.pool.fetchval(statement, UUID(session), ENDED)
    return found


async def sam(world: World) -> tuple[World, str]:
    """An agent who may act as clients, signed in, and their id."""
    made = await world.made("administrators", name="Sam", email="sam@provider.example", password=SAMS)
    await change(world, made["id"], role="agent", rights=["act_as"])
    return (await world.signed_in("sam@provider.example", SAMS))[0], made["id"]


async def change(world: World, administrator: str, **changes: Any) -> None:
    cause = Cause(actor="service:test", correlation="test")
    await world.runtime.commands.change_person(ADMINISTRATOR, UUID(administrator), changes, None, cause, None)


async def status(world: World) -> int:
    return (await world.get("me")).status_code


async def test_an_administrator_gets_a_token_of_the_client_which_names_both(world: World) -> None:
    jane, me = await world.user(), (await world.get("me")).json()
    answer = await world.post("act-as", {"user_id": jane["id"]})
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert "refresh_token" not in body
    assert 3590 <= body["expires_in"] <= 3600
    there = world.as_holder_of(body["access_token"])
    assert (await there.get("me")).json() == body["user"]
    assert (body["user"]["kind"], body["user"]["id"]) == ("client", jane["id"])
    assert (body["user"]["account_id"], body["user"]["acting_id"]) == (jane["account_id"], me["id"])
    assert await world.told(await session_of(world)) == [STARTED]


async def test_giving_it_back_ends_it_at_once_and_leaves_one_s_own_session_alone(world: World) -> None:
    there = await acting(world, (await world.user())["id"])
    session = await session_of(world)
    answer = await there.delete("act-as")
    assert answer.status_code == 204
    assert answer.headers["Consistency-Token"].startswith("accounts.")
    assert (await status(there), await status(world)) == (401, 200)
    assert await world.told(session) == [STARTED, ENDED, SESSION_ENDED]
    assert await reason(world, session) == "returned"


async def test_its_events_name_the_administrator_and_for_whom_they_acted(world: World) -> None:
    jane, me = await world.user(), (await world.get("me")).json()
    await (await acting(world, jane["id"])).delete("act-as")
    rows = await world.pool.fetch(
        "select envelope->>'actor' as actor, envelope->>'onbehalfof' as client from log where entity = $1 order by version",
        UUID(await session_of(world)),
    )
    assert [row["actor"] for row in rows] == [f"user:{me['id']}"] * 3
    assert [row["client"] for row in rows] == [None, f"user:{jane['id']}", f"user:{jane['id']}"]


async def test_what_runs_out_is_recorded_at_its_own_instant(start_world: StartWorld) -> None:
    async with start_world(timed_log=True, act_as_seconds=600) as started:
        world = (await started.signed_in())[0]
        there = await acting(world, (await world.user())["id"])
        session = await session_of(world)
        world.clock.advance(599)
        assert await status(there) == 200
        world.clock.advance(100)
        assert await status(there) == 401
        assert await world.until_told(session, 2) == [STARTED, ENDED]
        assert await reason(world, session) == "expired"
        seconds = await world.pool.fetchval(
            "select extract(epoch from max(time) - min(time))::int from log where entity = $1", UUID(session)
        )
        assert seconds == 600


async def test_after_it_ran_out_one_may_begin_anew(start_world: StartWorld) -> None:
    async with start_world(timed_log=True, act_as_seconds=600) as started:
        world = (await started.signed_in())[0]
        jane = await world.user()
        await acting(world, jane["id"])
        world.clock.advance(600)
        await acting(world, jane["id"])


# --- refusals --------------------------------------------------------------------------------
async def test_nobody_acts_as_an_administrator_or_as_nobody(world: World) -> None:
    me = (await world.get("me")).json()
    group = await world.made("groups", name="One")
    for target in (me["id"], group["id"], str(uuid4())):
        assert (await world.post("act-as", {"user_id": target})).status_code == 404


async def test_nobody_acts_as_somebody_who_may_not_sign_in(world: World) -> None:
    disabled = await world.user(enabled=False)
    locked_out = await world.user("locked@example.com")
    await world.patch(f"accounts/{locked_out['account_id']}", {"enabled": False})
    for user in (disabled, locked_out):
        answer = await world.post("act-as", {"user_id": user["id"]})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:helpdesk:problem:not-enabled")


async def test_nobody_acts_as_two_at_once(world: World) -> None:
    jane, joe = await world.user(), await world.user("joe@example.com")
    there = await acting(world, jane["id"])
    assert (await there.post("act-as", {"user_id": joe["id"]})).status_code == 403
    answer = await world.post("act-as", {"user_id": joe["id"]})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:helpdesk:problem:already-acting")
    assert (await world.delete("act-as")).status_code == 204, "for whoever has lost the token"
    assert await status(there) == 401
    await acting(world, joe["id"])


async def test_of_two_beginnings_at_once_one_is_refused(world: World) -> None:
    jane = await world.user()
    answers = await asyncio.gather(*(world.post("act-as", {"user_id": jane["id"]}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_who_may_not_act_as_clients_does_not(world: World) -> None:
    jane = await world.user()
    client, _ = await world.signed_in(jane["email"], "Jane's password")
    made = await world.made("api-keys", name="billing", scopes=["log:read"])
    system = world.as_holder_of((await world.exchange(made["key"])).json()["access_token"])
    for caller in (client, system, world.as_holder_of("the key that services share")):
        assert (await caller.post("act-as", {"user_id": jane["id"]})).status_code == 403
        assert (await caller.delete("act-as")).status_code == 403


async def test_handing_back_what_one_has_not_got_is_harmless(world: World) -> None:
    assert (await world.delete("act-as")).status_code == 204


# --- the client's credentials are the client's -----------------------------------------------
CREDENTIALS = [
    ("GET", "sessions"),
    ("DELETE", "sessions"),
    ("DELETE", f"sessions/{uuid4()}"),
    ("DELETE", "session"),
]


async def test_acting_gives_no_hold_of_the_client_s_credentials(world: World, subtests: pytest.Subtests) -> None:
    jane = await world.user()
    client, _ = await world.signed_in(jane["email"], "Jane's password")
    there = await acting(world, jane["id"])
    for method, path in CREDENTIALS:
        with subtests.test(path=path, method=method):
            assert (await send(there, method, path)).status_code == 403
    assert await status(client) == 200


async def send(world: World, method: str, path: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {world.token}"}
    return await world.http.request(method, f"/api/accounts/{path}", headers=headers)


# --- what takes it away ----------------------------------------------------------------------
async def test_signing_out_takes_it_away(world: World) -> None:
    jane = await world.user()
    own, _ = await sam(world)
    there = await acting(own, jane["id"])
    await own.delete("session")
    assert (await status(there), await status(world)) == (401, 200)
    session = await session_of(world)
    assert await world.told(session) == [STARTED, ENDED, SESSION_ENDED]
    assert await reason(world, session) == "taken_away"


async def test_another_session_of_the_administrator_does_not_matter(world: World) -> None:
    jane = await world.user()
    own, _ = await sam(world)
    other, _ = await world.signed_in("sam@provider.example", SAMS)
    there = await acting(own, jane["id"])
    await other.delete("session")
    assert await status(there) == 200


async def test_a_disabled_administrator_acts_no_more(world: World) -> None:
    jane = await world.user()
    own, made = await sam(world)
    there = await acting(own, jane["id"])
    await world.patch(f"administrators/{made}", {"enabled": False})
    assert await status(there) == 401
    assert await reason(world, await session_of(world)) == "taken_away"


async def test_who_loses_the_right_acts_no_more_and_stays_signed_in(world: World) -> None:
    jane = await world.user()
    own, made = await sam(world)
    there = await acting(own, jane["id"])
    await change(world, made, name="Samuel")
    assert await status(there) == 200
    await change(world, made, rights=[])
    assert (await status(there), await status(own)) == (401, 200)
    assert await reason(world, await session_of(world)) == "taken_away"
    assert (await own.post("act-as", {"user_id": jane["id"]})).status_code == 403


async def test_a_client_who_is_disabled_is_acted_as_no_more(world: World) -> None:
    jane = await world.user()
    there = await acting(world, jane["id"])
    await world.patch(f"users/{jane['id']}", {"enabled": False})
    assert (await status(there), await status(world)) == (401, 200)
    assert await reason(world, await session_of(world)) == "taken_away"


async def test_a_client_who_ends_their_other_sessions_ends_their_own_only(world: World) -> None:
    jane = await world.user()
    client, _ = await world.signed_in(jane["email"], "Jane's password")
    there = await acting(world, jane["id"])
    await client.delete("sessions")
    assert (await status(there), await status(client)) == (200, 200)
