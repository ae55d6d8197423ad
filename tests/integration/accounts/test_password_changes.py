"""Changing one's own password, and setting one by a link."""

import asyncio
from uuid import UUID, uuid4

import httpx
import pytest

from libs.events.envelope import Cause
from services.accounts.domain import ADMINISTRATOR
from tests.integration.accounts.accounts_world import ADDRESS, EMAIL, PASSWORD, StartWorld, World

JANE, JANES = "jane@example.com", "Jane's password"
NEW = "a new password"


async def change(world: World, present: str, password: str) -> httpx.Response:
    body = {"present_password": present, "password": password}
    headers = {"Authorization": f"Bearer {world.token}"}
    return await world.http.put("/api/accounts/me/password", json=body, headers=headers)


async def redeem(world: World, token: str, password: str = NEW) -> httpx.Response:
    return await world.from_address("password-resets/redeem", {"token": token, "password": password}, ADDRESS)


async def link(world: World, person: str) -> str:
    answer = await world.post("password-resets", {"person_id": person})
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


async def statuses(*worlds: World) -> list[int]:
    return [(await world.get("me")).status_code for world in worlds]


# --- one's own -------------------------------------------------------------------------------
async def test_who_knows_the_present_password_changes_it_and_other_sessions_end(world: World) -> None:
    jane = await world.user(JANE)
    here, token = await world.signed_in(JANE, JANES)
    there, other_token = await world.signed_in(JANE, JANES)
    assert (await change(here, JANES, NEW)).status_code == 204
    assert await statuses(here, there) == [200, 401]
    assert (await world.refresh(token)).status_code == 200
    assert (await world.refresh(other_token)).status_code == 401
    assert [(await world.sign_in(JANE, password)).status_code for password in (JANES, NEW)] == [401, 200]
    assert (await world.told(jane["id"]))[-1] == "user.password_changed.v1"


async def test_an_administrator_changes_theirs_in_the_same_way(world: World) -> None:
    assert (await change(world, PASSWORD, NEW)).status_code == 204
    assert (await world.sign_in(EMAIL, NEW)).status_code == 200
    assert await world.told_in_all("administrator.password_changed.v1") == 1


async def test_without_the_present_password_nothing_changes(world: World) -> None:
    answer = await change(world, NEW, NEW)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:helpdesk:problem:wrong-password")
    assert (await world.sign_in()).status_code == 200


async def test_guessing_the_present_password_counts_as_signing_in_does(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_email=3) as started:
        world, _ = await started.signed_in()
        await world.sign_in(EMAIL, NEW)
        assert [(await change(world, NEW, NEW)).status_code for _ in range(3)] == [403, 403, 429]
        assert (await world.sign_in()).status_code == 429


async def test_of_two_changes_at_once_one_has_come_too_late(world: World) -> None:
    await world.user(JANE)
    here, _ = await world.signed_in(JANE, JANES)
    answers = await asyncio.gather(*(change(here, JANES, f"{NEW} {number}") for number in range(3)))
    assert sorted(answer.status_code for answer in answers) == [204, 403, 403]


async def test_a_new_password_is_long_enough(world: World) -> None:
    assert (await change(world, PASSWORD, "too short")).status_code == 422
    assert (await redeem(world, "hdp_", "too short")).status_code == 422


async def test_who_acts_as_a_client_does_not_change_their_password(world: World) -> None:
    jane = await world.user(JANE)
    acting = (await world.post("act-as", {"user_id": jane["id"]})).json()["access_token"]
    assert (await change(world.as_holder_of(acting), JANES, NEW)).status_code == 403
    assert (await world.sign_in(JANE, JANES)).status_code == 200


# --- by a link -------------------------------------------------------------------------------
async def test_a_link_sets_a_password_once_and_ends_all_sessions(world: World) -> None:
    jane = await world.user(JANE)
    session, _ = await world.signed_in(JANE, JANES)
    answer = await world.post("password-resets", {"person_id": jane["id"]})
    assert answer.headers["Cache-Control"] == "no-store"
    token = answer.json()["token"]
    assert await statuses(session) == [200], "until it is used"
    assert (await redeem(world, token)).status_code == 204
    assert await statuses(session) == [401]
    assert [(await world.sign_in(JANE, password)).status_code for password in (JANES, NEW)] == [401, 200]
    assert (await redeem(world, token)).status_code == 401
    assert (await world.told(jane["id"]))[1:] == ["user.password_reset_made.v1", "user.password_changed.v1"]


async def test_both_events_say_who_did_it(world: World) -> None:
    jane, me = await world.user(JANE), (await world.get("me")).json()
    await redeem(world, await link(world, jane["id"]))
    rows = await world.pool.fetch(
        "select envelope->>'actor' as actor from log where entity = $1 order by version", UUID(jane["id"])
    )
    assert [row["actor"] for row in rows] == [f"user:{me['id']}", f"user:{me['id']}", f"user:{jane['id']}"]


async def test_a_link_is_good_for_a_while(start_world: StartWorld) -> None:
    async with start_world(password_reset_seconds=300) as started:
        world, _ = await started.signed_in()
        token = await link(world, (await world.user(JANE))["id"])
        world.clock.advance(300)
        assert (await redeem(world, token)).status_code == 401
        await world.runtime.sessions.known.forget()
        assert await links(world) == 0


async def test_an_earlier_link_is_void(world: World) -> None:
    jane = await world.user(JANE)
    earlier, later = await link(world, jane["id"]), await link(world, jane["id"])
    assert (await redeem(world, earlier)).status_code == 401
    assert (await redeem(world, later)).status_code == 204


async def test_of_many_who_use_a_link_at_once_one_does(world: World) -> None:
    token = await link(world, (await world.user(JANE))["id"])
    answers = await asyncio.gather(*(redeem(world, token, f"{NEW} {number}") for number in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 401, 401, 401]


async def test_a_password_that_was_changed_otherwise_makes_a_link_void(world: World) -> None:
    jane = await world.user(JANE)
    by_herself = await link(world, jane["id"])
    await change((await world.signed_in(JANE, JANES))[0], JANES, NEW)
    assert (await redeem(world, by_herself)).status_code == 401
    by_another = await link(world, jane["id"])
    await world.patch(f"users/{jane['id']}", {"password": JANES})
    assert (await redeem(world, by_another)).status_code == 401


async def test_a_link_of_somebody_disabled_is_void_for_good(world: World) -> None:
    jane = await world.user(JANE)
    token = await link(world, jane["id"])
    await world.patch(f"users/{jane['id']}", {"enabled": False})
    await world.patch(f"users/{jane['id']}", {"enabled": True})
    assert (await redeem(world, token)).status_code == 401


async def test_nothing_tells_why_a_link_is_refused(start_world: StartWorld) -> None:
    async with start_world(password_reset_seconds=300) as started:
        world, _ = await started.signed_in()
        jane, joe = await world.user(JANE), await world.user("joe@example.com")
        old = await link(world, jane["id"])
        world.clock.advance(300)
        used = await link(world, joe["id"])
        await redeem(world, used)
        answers = [await redeem(world, token) for token in ("nonsense", f"hdp_{'A' * 43}", old, used)]
        bodies = [{**answer.json(), "correlation_id": None} for answer in answers]
        assert [answer.status_code for answer in answers] == [401] * 4
        assert bodies == [bodies[0]] * 4


async def test_links_that_are_refused_are_counted(start_world: StartWorld) -> None:
    async with start_world(sign_in_failures_per_address=2) as world:
        assert [(await redeem(world, "nonsense")).status_code for _ in range(3)] == [401, 401, 429]


async def test_there_is_no_link_for_nobody_for_somebody_disabled_or_for_oneself(world: World) -> None:
    disabled = await world.user(enabled=False)
    group = await world.made("groups", name="One")
    me = (await world.get("me")).json()["id"]
    wanted = {str(uuid4()): 404, group["id"]: 404, disabled["id"]: 409, me: 409}
    for person, status in wanted.items():
        assert (await world.post("password-resets", {"person_id": person})).status_code == status
    assert await links(world) == 0
    assert await world.told_in_all("administrator.password_reset_made.v1") == 0


async def test_nobody_makes_links_for_those_above_them(world: World) -> None:
    sam = await world.made("administrators", name="Sam", email="sam@provider.example", password=JANES)
    ann = await world.made("administrators", name="Ann", email="ann@provider.example", password=JANES)
    await give(world, sam["id"], "manager")
    await give(world, ann["id"], "agent")
    manager, _ = await world.signed_in("sam@provider.example", JANES)
    owner = (await world.get("me")).json()["id"]
    refused = await manager.post("password-resets", {"person_id": owner})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:helpdesk:problem:above-own-rights")
    assert (await redeem(world, await link(manager, ann["id"]))).status_code == 204
    assert await world.told(owner) == ["administrator.created.v1"]


async def test_who_does_not_manage_people_makes_no_links(world: World, subtests: pytest.Subtests) -> None:
    jane = await world.user(JANE)
    sam = await world.made("administrators", name="Sam", email="sam@provider.example", password=JANES)
    await give(world, sam["id"], "agent")
    agent, _ = await world.signed_in("sam@provider.example", JANES)
    client, _ = await world.signed_in(JANE, JANES)
    made = await world.made("api-keys", name="billing", scopes=["log:read"])
    system = world.as_holder_of((await world.exchange(made["key"])).json()["access_token"])
    for name, caller in {"agent": agent, "client": client, "system": system}.items():
        with subtests.test(name):
            assert (await caller.post("password-resets", {"person_id": jane["id"]})).status_code == 403


async def give(world: World, administrator: str, role: str) -> None:
    cause = Cause(actor="service:test", correlation="test")
    changes = {"role": role, "rights": []}
    await world.runtime.commands.change_person(ADMINISTRATOR, UUID(administrator), changes, None, cause, None)


async def links(world: World) -> int:
    count: int = await world.pool.fetchval("select count(*) from password_resets")
    return count
