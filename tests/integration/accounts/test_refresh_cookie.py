"""The refresh token as a browser keeps it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.integration.accounts.accounts_world import EMAIL, PASSWORD, StartWorld, World

CREDENTIALS = {"email": EMAIL, "password": PASSWORD, "cookie": True}
REFRESH = "/api/accounts/session/refresh"
SESSION = "/api/accounts/session"
OWN = {"Sec-Fetch-Site": "same-origin"}


@asynccontextmanager
async def browser(world: World, scheme: str = "https") -> AsyncIterator[httpx.AsyncClient]:
    """A client that keeps cookies as a browser does."""
    transport = httpx.ASGITransport(world.app)
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://helpdesk.example", headers=OWN) as client:
        yield client


async def test_the_cookie_is_for_refreshing_only_and_no_script_reads_it(world: World) -> None:
    async with browser(world) as client:
        answer = await client.post(SESSION, json=CREDENTIALS)
    assert answer.json()["refresh_token"] is None
    (cookie,) = answer.headers.get_list("set-cookie")
    value, *attributes = cookie.split("; ")
    assert value.startswith("__Secure-helpdesk-refresh=hdr_")
    assert {attribute.lower() for attribute in attributes} == {
        "httponly",
        "secure",
        "samesite=strict",
        f"path={SESSION}",
        f"max-age={12 * 3600}",
    }


async def test_a_browser_refreshes_and_signs_out(world: World) -> None:
    async with browser(world) as client:
        first = (await client.post(SESSION, json=CREDENTIALS)).json()
        for _ in range(2):
            refreshed = await client.post(REFRESH, json={"cookie": True})
            assert refreshed.status_code == 200
            assert refreshed.json()["refresh_token"] is None
        token = refreshed.json()["access_token"]
        assert token != first["access_token"]
        signed_out = await client.delete(SESSION, headers={"Authorization": f"Bearer {token}"})
        assert signed_out.status_code == 204
        assert not client.cookies, "the browser was told to forget it"
        assert (await client.post(REFRESH, json={"cookie": True})).status_code == 401


async def test_without_a_cookie_there_is_nothing_to_refresh(world: World) -> None:
    async with browser(world) as client:
        assert (await client.post(REFRESH, json={"cookie": True})).status_code == 401


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "", "Origin": "https://helpdesk.example"},
]


async def test_what_another_site_sends_is_refused_before_anything_is_done(
    world: World, subtests: pytest.Subtests
) -> None:
    async with browser(world) as client:
        await client.post(SESSION, json=CREDENTIALS)
        before = await rows(world)
        for headers in FOREIGN:
            with subtests.test(headers=headers):
                assert (await client.post(REFRESH, json={"cookie": True}, headers=headers)).status_code == 403
                assert (await client.post(SESSION, json=CREDENTIALS, headers=headers)).status_code == 403
        assert await rows(world) == before


async def test_an_older_browser_says_where_a_request_comes_from_by_its_origin(world: World) -> None:
    async with browser(world) as client:
        await client.post(SESSION, json=CREDENTIALS)
        del client.headers["Sec-Fetch-Site"]
        foreign = await client.post(REFRESH, json={"cookie": True}, headers={"Origin": "https://evil.example"})
        own = await client.post(REFRESH, json={"cookie": True}, headers={"Origin": "https://helpdesk.example"})
        assert (foreign.status_code, own.status_code) == (403, 200)


async def test_a_form_cannot_send_what_is_taken(world: World) -> None:
    async with browser(world) as client:
        await client.post(SESSION, json=CREDENTIALS)
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            answer = await client.post(REFRESH, content='{"cookie": true}', headers={"Content-Type": kind})
            assert answer.status_code == 422, kind


async def test_no_other_origin_s_scripts_are_let_in(world: World) -> None:
    async with browser(world) as client:
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        answer = await client.options(REFRESH, headers=asked)
        assert not answer.is_success
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_over_plain_http_the_cookie_is_marked_so(start_world: StartWorld) -> None:
    async with start_world(secure_cookies=False) as world, browser(world, "http") as client:
        answer = await client.post(SESSION, json=CREDENTIALS)
        assert "secure" not in answer.headers["set-cookie"].lower()
        assert answer.headers["set-cookie"].startswith("helpdesk-refresh=")
        assert (await client.post(REFRESH, json={"cookie": True})).status_code == 200


async def test_both_or_neither_is_an_error(world: World, subtests: pytest.Subtests) -> None:
    for body in ({}, {"cookie": False}, {"refresh_token": None}, {"refresh_token": "hdr_", "cookie": True}):
        with subtests.test(body=body):
            assert (await world.http.post(REFRESH, json=body)).status_code == 422
    assert (await world.http.post(SESSION, json={"api_key": "hdk_", "cookie": True})).status_code == 422


async def rows(world: World) -> list[str]:
    return [row["t"] for row in await world.pool.fetch("select t::text as t from sessions t order by id")]
