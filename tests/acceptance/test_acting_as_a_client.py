"""Switch to the user panel: the client's rights and none of the administrator's, and both people on every event."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.infrastructure.product import Product, Somebody
from tests.infrastructure.provider import Provider

SERVICES = ("accounts", "intake", "routing", "sla", "notify", "query")
OWN = {
    ("delete", "/api/accounts/session"),
    ("get", "/api/accounts/sessions"),
    ("delete", "/api/accounts/sessions"),
    ("delete", "/api/accounts/sessions/{session_id}"),
    ("put", "/api/accounts/me/password"),
    ("get", "/api/notify/me/preferences"),
    ("put", "/api/notify/me/preferences"),
}
"""What is the client's alone."""
ANYWHERE = ["/api/accounts/me", *(f"/api/{service}/parked" for service in SERVICES if service != "accounts")]
ENDS_IT = ("delete", "/api/accounts/act-as")


@pytest.fixture
async def acting(provider: Provider) -> Somebody:
    """The administrator, acting as the client, once every service knows the client."""
    body = await provider.admin.made("/api/accounts/act-as", user_id=provider.user_id)
    return Somebody(provider.product.http, body["access_token"])


async def log_of(product: Product, admin: Somebody, service: str) -> list[dict[str, Any]]:
    key = await admin.made("/api/accounts/api-keys", name=f"reader of {service}", scopes=["log:read"])
    system = await product.session(api_key=key["key"])
    events: list[dict[str, Any]] = (await system.get(f"/api/{service}/log", limit=5000)).json()["events"]
    return events


async def test_whatever_is_done_names_the_administrator_and_the_client(provider: Provider, acting: Somebody) -> None:
    ticket = await acting.made(
        "/api/intake/tickets", category_id=provider.category_id, subject="On the phone", text="Dictated by Jane."
    )
    path = f"/api/intake/tickets/{ticket['id']}"
    await acting.made(f"{path}/replies", text="And another thing.")
    await acting.made(f"{path}/close")
    await acting.made(f"{path}/reopen")
    told = [
        event
        for event in await log_of(provider.product, provider.admin, "intake")
        if event["subject"] == ticket["id"] and event["actor"].startswith("user:")
    ]
    assert [event["type"] for event in told] == [
        "ticket.opened.v1",
        "ticket.replied.v1",
        "ticket.closed.v1",
        "ticket.reopened.v1",
    ]
    assert {event["actor"] for event in told} == {f"user:{provider.admin_id}"}
    assert {event["onbehalfof"] for event in told} == {f"user:{provider.user_id}"}
    assert told[0]["data"]["user_id"] == provider.user_id, "the ticket is the client's"
    assert told[0]["data"]["waiting_since"] is not None, "and the client waits"


async def test_the_history_shows_both(provider: Provider, acting: Somebody) -> None:
    submitted = await acting.post(
        "/api/intake/tickets", category_id=provider.category_id, subject="On the phone", text="Dictated by Jane."
    )
    await provider.listed(submitted.headers["Consistency-Token"])
    history = await provider.admin.get(f"/api/query/tickets/{submitted.json()['id']}/history")
    (opened,) = [item for item in history.json()["items"] if item["type"] == "ticket.opened.v1"]
    assert (opened["actor"], opened["on_behalf_of"]) == (f"user:{provider.admin_id}", f"user:{provider.user_id}")


async def test_acting_gives_the_client_s_rights_in_every_service_and_no_others(
    provider: Provider, acting: Somebody, subtests: pytest.Subtests
) -> None:
    """Each operation of each service answers the two alike: about another account's ticket, and whatever else is there."""
    known = {"ticket_id": await tickets_of_others(provider), "department_id": provider.department_id}
    known |= {"category_id": provider.category_id, "user_id": provider.user_id, "account_id": provider.account_id}
    seen = 0
    for service in SERVICES:
        document = (await provider.product.http.get(f"/api/{service}/openapi.json")).json()
        for method, path in operations(document):
            if (method, path) == ENDS_IT:
                continue
            url = path.format_map(Ids(known))
            expected = 403 if (method, path) in OWN else await status(provider.client, method, url)
            with subtests.test(f"{method} {path}"):
                seen += 1
                assert await status(acting, method, url) == expected < 500
    assert seen > 60, "there are operations to look at"


async def test_it_ends_in_every_service_at_once_and_the_administrator_stays(
    provider: Provider, acting: Somebody
) -> None:
    assert [(await acting.get(path)).status_code for path in ANYWHERE] == [200] + [403] * len(ANYWHERE[1:])
    assert await status(acting, *ENDS_IT) == 204
    for path in ANYWHERE:
        await refused(acting, path)
        assert (await provider.admin.get(path)).status_code == 200
    assert (await provider.client.get("/api/accounts/me")).status_code == 200


async def test_signing_out_ends_it_in_every_service(provider: Provider, acting: Somebody) -> None:
    assert await status(provider.admin, "delete", "/api/accounts/session") == 204
    for path in ANYWHERE:
        for somebody in (acting, provider.admin):
            await refused(somebody, path)


async def test_who_still_watches_is_told_nothing_more(provider: Provider, acting: Somebody) -> None:
    async with acting.live() as events, provider.client.live() as others:
        assert (await anext(events))["event"] == (await anext(others))["event"] == "ready"
        await status(acting, *ENDS_IT)
        await refused(acting, "/api/query/parked")
        ticket = (await provider.submit(subject="Between us")).json()["id"]
        while (await anext(others))["data"]["id"] != ticket:
            pass  # what happened before
        assert ticket not in [event["data"]["id"] async for event in events], "and it ends"


async def refused(somebody: Somebody, path: str) -> None:
    """Wait until a service has heard of the end; the test's own time-out is the limit."""
    answer = await somebody.get(path)
    while answer.status_code != 401:
        await asyncio.sleep(0.02)
        answer = await somebody.get(path)


# --- all operations --------------------------------------------------------------------------
class Ids(dict[str, str]):
    """Known ids by the name of their place in a path, and ids of nothing for the rest."""

    def __missing__(self, _: str) -> str:
        return str(uuid4())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, item in document["paths"].items():
        for method in item:
            yield method, path


async def status(somebody: Somebody, method: str, path: str) -> int:
    """Ask with a body that no command takes, and look at no more than the status: some answers never end."""
    headers = {"Authorization": f"Bearer {somebody.token}", "Idempotency-Key": str(uuid4()), "If-Match": "*"}
    request = somebody.http.build_request(method.upper(), path, json={"nonsense": True}, headers=headers)
    answer: httpx.Response = await somebody.http.send(request, stream=True)
    await answer.aclose()
    return answer.status_code


async def tickets_of_others(provider: Provider) -> str:
    """The id of a ticket of another account."""
    account = await provider.admin.made("/api/accounts/accounts", name="Other")
    joe = {"email": "joe@other.example", "password": "correct horse battery"}
    user = await provider.admin.made("/api/accounts/users", account_id=account["id"], name="Joe", **joe)
    submission = {"category_id": provider.category_id, "subject": "Secret", "text": "Nobody else's."}
    answer = await provider.admin.post("/api/intake/tickets", user_id=user["id"], **submission)
    while answer.status_code == 422:  # until intake knows Joe
        await asyncio.sleep(0.05)
        answer = await provider.admin.post("/api/intake/tickets", user_id=user["id"], **submission)
    assert answer.status_code == 201, answer.text
    await provider.listed(answer.headers["Consistency-Token"])
    ticket: str = answer.json()["id"]
    return ticket
