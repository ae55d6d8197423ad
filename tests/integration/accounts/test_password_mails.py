"""Links to set a password that go by mail: who asks learns nothing, and nobody but notify sees a token."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from tests.integration.accounts.accounts_world import ADDRESS, StartWorld, World

JANE, JANES = "jane@example.com", "Jane's password"
NEW = "a new password"
ASKED = "user.password_mail_requested.v1"
SYSTEM_KEY = "the key that services share"


async def ask(world: World, email: str, address: str = ADDRESS) -> httpx.Response:
    return await world.from_address("password-resets/request", {"email": email}, address)


async def link(world: World, reset: str, key: str = SYSTEM_KEY) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"}
    return await world.http.post(f"/api/accounts/password-resets/{reset}/link", headers=headers)


async def told(world: World, person: str) -> list[dict[str, object]]:
    """The data of all that was told about mails for them, the oldest first."""
    rows = await world.pool.fetch(
        "select envelope from log where entity = $1 and type like '%password_mail_requested%' order by position",
        UUID(person),
    )
    return [orjson.loads(row["envelope"])["data"] for row in rows]


async def until_asked(world: World, person: str, count: int = 1) -> str:
    """The link that was told last, once so many have been."""
    while len(found := await told(world, person)) < count:  # noqa: ASYNC110 - the worker tells nobody but the log
        await asyncio.sleep(0.01)
    return str(found[-1]["reset_id"])


async def test_who_forgot_the_password_sets_another_by_the_link_in_the_mail(world: World) -> None:
    jane = await world.user(JANE)
    assert (await ask(world, "JANE@example.com")).status_code == 202
    answer = await link(world, await until_asked(world, jane["id"]))
    assert answer.json()["email"] == JANE
    redeemed = {"token": answer.json()["token"], "password": NEW}
    assert (await world.from_address("password-resets/redeem", redeemed, ADDRESS)).status_code == 204
    assert (await world.sign_in(JANE, NEW)).status_code == 200
    assert (await world.from_address("password-resets/redeem", redeemed, ADDRESS)).status_code == 401


async def test_the_answer_is_the_same_whoever_has_the_address(world: World) -> None:
    jane = await world.user(JANE)
    away = await world.user("away@example.com", enabled=False)
    answers = [await ask(world, email) for email in (JANE, "away@example.com", "nobody@example.com")]
    seen = [(one.status_code, one.content, sorted(one.headers)) for one in answers]
    assert seen == [seen[0]] * 3
    await until_asked(world, jane["id"])
    while await world.pool.fetchval("select count(*) from password_mail_requests"):  # noqa: ASYNC110 - likewise
        await asyncio.sleep(0.01)
    assert await told(world, away["id"]) == []


async def test_the_same_token_comes_each_time_it_is_asked_for(world: World) -> None:
    """So that a mail that is sent again has the link of the first one."""
    jane = await world.user(JANE)
    await ask(world, JANE)
    reset = await until_asked(world, jane["id"])
    assert (await link(world, reset)).json() == (await link(world, reset)).json()


async def test_a_newer_link_makes_an_older_one_void(world: World) -> None:
    jane = await world.user(JANE)
    await ask(world, JANE)
    first = await until_asked(world, jane["id"])
    await ask(world, JANE)
    await until_asked(world, jane["id"], 2)
    assert (await link(world, first)).status_code == 404


async def test_only_the_suite_s_own_services_are_told_a_token(world: World) -> None:
    jane = await world.user(JANE)
    await ask(world, JANE)
    reset = await until_asked(world, jane["id"])
    key = (await world.made("api-keys", name="k", scopes=["operate", "log:read"]))["key"]
    system = (await world.exchange(key)).json()["access_token"]
    assert [(await link(world, reset, one)).status_code for one in (world.token, system)] == [403, 403]
    assert (await link(world, str(uuid4()))).status_code == 404


async def test_an_administrator_has_an_invitation_sent_and_sees_no_token(world: World) -> None:
    account = await world.made("accounts", name="Acme")
    new = await world.made("users", account_id=account["id"], name="New", email="new@example.com")
    made = await world.made("password-resets", person_id=new["id"], by_mail=True)
    assert made["token"] is None
    (said,) = await told(world, new["id"])
    assert said["is_invitation"] is True
    assert (await link(world, str(said["reset_id"]))).status_code == 200


@pytest.mark.parametrize("email", ["somebody@example.com", JANE])
async def test_nobody_is_sent_more_than_some_mails_in_a_while(start_world: StartWorld, email: str) -> None:
    async with start_world(password_mails_per_email=2) as started:
        world, _ = await started.signed_in()
        await world.user(JANE)
        assert [(await ask(world, email)).status_code for _ in range(3)] == [202, 202, 429]
        assert (await world.sign_in(JANE, JANES)).status_code == 200  # what is asked for is no failed sign-in


async def test_no_token_is_kept_or_told(world: World) -> None:
    jane = await world.user(JANE)
    await ask(world, JANE)
    token = (await link(world, await until_asked(world, jane["id"]))).json()["token"].removeprefix("hdp_")
    assert token not in str(await world.tables())


async def test_a_link_is_good_for_its_time(world: World) -> None:
    jane = await world.user(JANE)
    await ask(world, JANE)
    reset = await until_asked(world, jane["id"])
    await world.pool.execute("update password_resets set expires_at = expires_at - $1::interval", timedelta(days=2))
    assert (await link(world, reset)).status_code == 404
