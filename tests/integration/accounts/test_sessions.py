"""Sessions: carried on by refresh tokens, listed, and ended."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.accounts.problems import SignInRefused
from services.accounts.sessions import Visitor
from services.accounts.store import credentials
from tests.integration.accounts.accounts_world import EMAIL, PASSWORD, StartWorld, World, until_refused

ENDED = "session.ended.v1"
JANE, JANES = "jane@example.com", "Jane's password"


async def statuses(*worlds: World) -> list[int]:
    return [(await world.get("me")).status_code for world in worlds]


async def session_of(world: World) -> str:
    return str((await current(world))["id"])


async def current(world: World) -> dict[str, Any]:
    items = (await world.get("sessions")).json()["items"]
    (own,) = [session for session in items if session["current"]]
    assert isinstance(own, dict)
    return own


# --- refreshing ------------------------------------------------------------------------------
async def test_a_refresh_gives_new_tokens_of_the_same_session(world: World) -> None:
    ann, token = await world.signed_in()
    session = await session_of(ann)
    answer = await world.refresh(token)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    fresh = answer.json()
    assert fresh["refresh_token"] != token
    assert fresh["user"] == (await ann.get("me")).json()
    assert await session_of(world.as_holder_of(fresh["access_token"])) == session
    assert (await world.refresh(fresh["refresh_token"])).status_code == 200


async def test_a_session_goes_on_while_it_is_refreshed_and_ends_when_it_must(start_world: StartWorld) -> None:
    async with start_world(session_idle_seconds=3600, session_seconds=7200) as world:
        _, token = await world.signed_in()
        world.clock.advance(3599)
        refreshed = (await world.refresh(token)).json()
        assert refreshed["refresh_expires_in"] == 3600
        world.clock.advance(3000)
        refreshed = (await world.refresh(refreshed["refresh_token"])).json()
        assert refreshed["refresh_expires_in"] == refreshed["expires_in"] == 7200 - 6599
        world.clock.advance(601)
        assert (await world.refresh(refreshed["refresh_token"])).status_code == 401


async def test_a_session_that_is_not_refreshed_is_over(start_world: StartWorld) -> None:
    async with start_world(session_idle_seconds=3600) as world:
        _, token = await world.signed_in()
        world.clock.advance(3600)
        assert (await world.refresh(token)).status_code == 401


async def test_a_refresh_tells_who_somebody_is_by_now(world: World) -> None:
    jane = await world.user(JANE)
    _, token = await world.signed_in(JANE, JANES)
    await world.patch(f"users/{jane['id']}", {"name": "Jane Roe"})
    assert (await world.refresh(token)).json()["user"]["name"] == "Jane Roe"


async def test_a_used_token_that_comes_again_ends_the_session_everywhere(world: World) -> None:
    thief, token = await world.signed_in()
    session = await session_of(thief)
    second = (await world.refresh(token)).json()
    world.clock.advance(11)
    assert (await world.refresh(token)).status_code == 401
    assert await statuses(thief, world.as_holder_of(second["access_token"])) == [401, 401]
    assert (await world.refresh(second["refresh_token"])).status_code == 401
    assert await world.told(session) == [ENDED]
    assert await statuses(world) == [200], "other sessions go on"


async def test_a_client_that_missed_the_answer_gets_the_same_token_again_once(world: World) -> None:
    _, token = await world.signed_in()
    first = (await world.refresh(token)).json()
    world.clock.advance(9)
    again = await world.refresh(token)
    assert again.json()["refresh_token"] == first["refresh_token"]
    third = await world.refresh(token)
    assert (third.status_code, third.json()["type"]) == (409, "urn:helpdesk:problem:just-refreshed")
    assert (await world.refresh(first["refresh_token"])).status_code == 200, "nobody was thrown out"


async def test_an_answer_is_not_given_again_once_the_next_token_was_used(world: World) -> None:
    _, token = await world.signed_in()
    second = (await world.refresh(token)).json()["refresh_token"]
    third = (await world.refresh(second)).json()["refresh_token"]
    assert (await world.refresh(token)).status_code == 401
    assert (await world.refresh(third)).status_code == 401


async def test_of_many_refreshes_at_once_two_are_answered_alike_and_nobody_is_thrown_out(world: World) -> None:
    _, token = await world.signed_in()
    answers = await asyncio.gather(*(world.refresh(token) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 2 + [409] * 4
    (successor,) = {answer.json()["refresh_token"] for answer in answers if answer.is_success}
    assert (await world.refresh(successor)).status_code == 200


async def test_whoever_knows_a_session_s_id_cannot_end_it(world: World) -> None:
    ann, token = await world.signed_in()
    _, other = await world.signed_in()
    session, family, secret = token[4:36], token[37:80], token[81:]
    for forged in (f"hdr_{session}_{other[37:80]}_{secret}", f"hdr_{session}_{'A' * 43}_{'A' * 43}"):
        assert (await world.refresh(forged)).status_code == 401
    assert await statuses(ann) == [200]
    assert token == f"hdr_{session}_{family}_{secret}"


async def test_what_is_no_token_is_refused_in_the_same_words(world: World) -> None:
    _, token = await world.signed_in()
    world.clock.advance(8 * 86400)
    answers = [
        await world.refresh(text) for text in ("nonsense", token, token[:-1] + ("A" if token[-1] != "A" else "E"))
    ]
    bodies = [{**answer.json(), "correlation_id": None} for answer in answers]
    assert [answer.status_code for answer in answers] == [401] * 3
    assert bodies == [bodies[0]] * 3


async def test_refreshes_that_fail_are_counted(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_address=2) as world:
        _, token = await world.signed_in()
        for _ in range(4):
            token = (await world.refresh(token)).json()["refresh_token"]
        assert [(await world.refresh("nonsense")).status_code for _ in range(3)] == [401, 401, 429]
        assert (await world.refresh(token)).status_code == 429
        assert (await world.refresh(token, address="192.0.2.2")).status_code == 200


# --- signing out -----------------------------------------------------------------------------
async def test_signing_out_ends_the_session_and_no_other(world: World) -> None:
    ann, token = await world.signed_in()
    session = await session_of(ann)
    signed_out = await ann.delete("session")
    assert signed_out.status_code == 204
    assert signed_out.headers["Consistency-Token"].startswith("accounts.")
    assert await statuses(ann, world) == [401, 200]
    assert (await world.refresh(token)).status_code == 401
    assert await world.told(session) == [ENDED]


async def test_the_end_is_told_with_the_instant_until_which_tokens_might_be_good(world: World) -> None:
    ann, token = await world.signed_in()
    session, me = await session_of(ann), (await ann.get("me")).json()
    world.clock.advance(1000)
    await world.refresh(token)
    await ann.delete("session")
    data = await world.pool.fetchrow(
        "select envelope->'data'->>'person_id' as person, (envelope->'data'->>'tokens_until')::timestamptz as until"
        " from log where entity = $1",
        UUID(session),
    )
    assert data is not None
    assert data["person"] == me["id"]
    assert (data["until"] - world.clock.now()).total_seconds() == 3600 + 60


async def test_another_replica_refuses_an_ended_session_within_moments(start_world: StartWorld) -> None:
    async with start_world() as one, start_world() as other:
        ann, _ = await one.signed_in()
        there = other.as_holder_of(ann.token)
        assert await statuses(there) == [200]
        await ann.delete("session")
        await until_refused(there)


async def test_a_restart_does_not_bring_an_ended_session_back(start_world: StartWorld) -> None:
    async with start_world() as world:
        ann, _ = await world.signed_in()
        await ann.delete("session")
    async with start_world() as world:
        assert await statuses(world.as_holder_of(ann.token)) == [401]


async def test_systems_have_no_session_to_sign_out_of(world: World) -> None:
    made = await world.made("api-keys", name="billing", scopes=["log:read"])
    system = world.as_holder_of((await world.exchange(made["key"])).json()["access_token"])
    for answer in (await system.delete("session"), await system.get("sessions"), await system.delete("sessions")):
        assert answer.status_code == 403


# --- one's own sessions ----------------------------------------------------------------------
async def test_people_see_their_own_sessions_and_from_where_they_came(world: World) -> None:
    await world.user(JANE)
    ann, _ = await world.signed_in(JANE, JANES)
    await world.http.post(
        "/api/accounts/session", json={"email": JANE, "password": JANES}, headers={"User-Agent": "Firefox/140"}
    )
    items = (await ann.get("sessions")).json()["items"]
    assert [session["current"] for session in items] == [False, True], "the latest first"
    assert items[0]["user_agent"] == "Firefox/140"
    assert items[1]["address"] == "192.0.2.1"


async def test_a_refresh_is_seen_in_the_list(world: World) -> None:
    ann, token = await world.signed_in()
    before = await current(ann)
    world.clock.advance(100)
    await world.refresh(token, address="192.0.2.9")
    after = await current(ann)
    assert before["used_at"] < after["used_at"]
    assert before["good_until"] < after["good_until"]
    assert (before["begun_at"], before["ends_at"]) == (after["begun_at"], after["ends_at"])
    assert after["address"] == "192.0.2.9"


async def test_one_of_one_s_own_sessions_can_be_ended_from_another(world: World) -> None:
    ann, _ = await world.signed_in()
    session = await session_of(ann)
    assert (await world.delete(f"sessions/{session}")).status_code == 204
    assert await statuses(ann, world) == [401, 200]
    assert (await world.delete(f"sessions/{session}")).status_code == 404


async def test_all_others_can_be_ended(world: World) -> None:
    others = [(await world.signed_in())[0] for _ in range(3)]
    assert (await world.delete("sessions")).status_code == 204
    assert await statuses(*others, world) == [401, 401, 401, 200]
    assert (await world.delete("sessions")).status_code == 204, "though there are none any more"


async def test_nobody_sees_or_ends_another_s_sessions(world: World) -> None:
    await world.user(JANE)
    jane, _ = await world.signed_in(JANE, JANES)
    assert (await world.delete(f"sessions/{await session_of(jane)}")).status_code == 404
    assert (await jane.delete("sessions")).status_code == 204
    assert await statuses(jane, world) == [200, 200]
    assert [session["current"] for session in (await jane.get("sessions")).json()["items"]] == [True]


# --- what ends sessions besides --------------------------------------------------------------
async def test_a_disabled_person_is_out_at_once(world: World) -> None:
    jane = await world.user(JANE)
    sessions = [await world.signed_in(JANE, JANES) for _ in range(2)]
    told = [await session_of(session) for session, _ in sessions]
    await world.patch(f"users/{jane['id']}", {"enabled": False})
    await world.patch(f"users/{jane['id']}", {"enabled": True})
    assert await statuses(*(session for session, _ in sessions)) == [401, 401], "also when they are enabled again"
    assert [(await world.refresh(token)).status_code for _, token in sessions] == [401, 401]
    assert [await world.told(session) for session in told] == [[ENDED], [ENDED]]


async def test_a_disabled_account_s_users_are_out_at_once_and_nobody_else(world: World) -> None:
    jane = await world.user(JANE)
    joe = await world.user("joe@example.com", account_id=jane["account_id"])
    await world.user("other@example.com")
    insiders = [(await world.signed_in(email, JANES))[0] for email in (JANE, joe["email"])]
    outsider, _ = await world.signed_in("other@example.com", JANES)
    await world.patch(f"accounts/{jane['account_id']}", {"enabled": False})
    await world.patch(f"accounts/{jane['account_id']}", {"enabled": True})
    assert await statuses(*insiders, outsider, world) == [401, 401, 200, 200]


@pytest.mark.parametrize("what", ["users", "accounts"])
async def test_the_token_of_disabling_stands_for_the_ends_of_the_sessions_too(world: World, what: str) -> None:
    """So whoever waits for it elsewhere finds them refused."""
    jane = await world.user(JANE)
    await world.signed_in(JANE, JANES)
    one = jane["id"] if what == "users" else jane["account_id"]
    answer = await world.patch(f"{what}/{one}", {"enabled": False})
    last = await world.pool.fetchrow("select position, type from log order by position desc limit 1")
    assert last is not None
    assert last["type"] == ENDED
    assert answer.headers["Consistency-Token"].rsplit(".", 1)[-1] == str(last["position"])


async def test_a_password_that_another_has_changed_ends_the_sessions(world: World) -> None:
    jane = await world.user(JANE)
    session, token = await world.signed_in(JANE, JANES)
    await world.patch(f"users/{jane['id']}", {"password": "another password"})
    assert await statuses(session) == [401]
    assert (await world.refresh(token)).status_code == 401


async def test_other_changes_of_a_person_leave_their_sessions_alone(world: World) -> None:
    jane = await world.user(JANE)
    session, _ = await world.signed_in(JANE, JANES)
    await world.patch(f"users/{jane['id']}", {"name": "Jane Roe", "email": "roe@example.com"})
    await world.patch(f"accounts/{jane['account_id']}", {"name": "Acme & Roe"})
    assert await statuses(session) == [200]


async def test_nobody_slips_in_while_they_are_being_disabled(world: World) -> None:
    jane = await world.user(JANE)
    path = f"users/{jane['id']}"
    for _ in range(5):
        await world.patch(path, {"enabled": True})
        signed_in, *_ = await asyncio.gather(
            world.sign_in(JANE, JANES), world.patch(path, {"enabled": False}), world.sign_in(JANE, JANES)
        )
        if signed_in.is_success:
            assert await statuses(world.as_holder_of(signed_in.json()["access_token"])) == [401]
        assert await world.pool.fetchval("select count(*) from sessions where person = $1", UUID(jane["id"])) == 0


async def test_whatever_ends_sessions_at_once_waits_for_nothing_for_ever(world: World) -> None:
    jane = await world.user(JANE)
    for _ in range(3):
        sessions = [await world.signed_in(JANE, JANES) for _ in range(4)]
        await world.post("act-as", {"user_id": jane["id"]})
        change = {"present_password": JANES, "password": JANES}
        answers = await asyncio.gather(
            *(session.delete("sessions") for session, _ in sessions),
            *(world.refresh(token) for _, token in sessions),
            *(world.http.put("/api/accounts/me/password", json=change, headers=bearer(one)) for one, _ in sessions),
            world.patch(f"users/{jane['id']}", {"enabled": False}),
            world.patch(f"accounts/{jane['account_id']}", {"enabled": False}),
        )
        assert max(answer.status_code for answer in answers) < 500
        assert await world.pool.fetchval("select count(*) from sessions where person = $1", UUID(jane["id"])) == 0
        assert await world.pool.fetchval("select count(*) from entities where due_at is not null") == 0
        await world.patch(f"accounts/{jane['account_id']}", {"enabled": True})
        await world.patch(f"users/{jane['id']}", {"enabled": True})


def bearer(world: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.token}"}


async def test_an_old_password_does_not_get_through_behind_its_change(world: World) -> None:
    jane = await world.user(JANE)
    found = await credentials.of_email(world.pool, JANE)
    assert found is not None
    await world.patch(f"users/{jane['id']}", {"password": "another password"})
    with pytest.raises(SignInRefused):
        await world.runtime.sessions.begin(found, Visitor("192.0.2.1"))
    assert await world.pool.fetchval("select count(*) from sessions where person = $1", UUID(jane["id"])) == 0


async def test_what_is_over_is_forgotten(start_world: StartWorld) -> None:
    async with start_world() as world:
        ann, _ = await world.signed_in()
        await ann.delete("session")
        await world.signed_in(EMAIL, PASSWORD)
        assert await counts(world) == (1, 1)
        world.clock.advance(3600 + 59)
        await world.runtime.sessions.known.forget()
        assert await counts(world) == (1, 1)
        world.clock.advance(12 * 3600)
        await world.runtime.sessions.known.forget()
        assert await counts(world) == (0, 0)


async def counts(world: World) -> tuple[int, int]:
    sessions = await world.pool.fetchval("select count(*) from sessions")
    return sessions, await world.pool.fetchval("select count(*) from ended_sessions")
