"""The main job, as people do it: submit, see it in the list, block, answer, close, and every step live."""

import asyncio
from typing import Any

from tests.infrastructure.provider import Provider


async def test_from_submission_to_answer(provider: Provider) -> None:
    submitted = await provider.submit(urgency="high")
    ticket = submitted.json()["id"]
    (row,) = await provider.listed(submitted.headers["Consistency-Token"])
    assert row["id"] == ticket
    assert (row["points"], row["weight"]) == (10, 10)
    assert row["department"]["name"] == "Support"
    assert (row["account"]["name"], row["account"]["attitude"], row["user"]["name"]) == ("Acme", "good", "Jane")
    assert row["unread"] is True
    assert 14390 < row["remaining_seconds"] <= 14400
    assert row["delay_seconds"] <= 10

    admin, path = provider.admin, f"/api/intake/tickets/{ticket}"
    await admin.made(f"{path}/read")
    block = (await admin.made(f"{path}/block"))["block"]
    taken = await admin.post(f"{path}/take")
    (row,) = await provider.listed(taken.headers["Consistency-Token"])
    assert row["block"]["holder"]["id"] == row["responsible"]["id"] == provider.admin_id
    assert row["unread"] is False

    answered = await admin.post(f"{path}/replies", text="Sorted.", token=block["token"], close=True)
    assert await provider.listed(answered.headers["Consistency-Token"]) == []
    details = (await provider.client.get(f"/api/query/tickets/{ticket}")).json()
    assert [message["text"] for message in details["messages"]] == ["Since today.", "Sorted."]
    assert "weight" not in details


async def test_the_answer_stops_the_clock_and_the_client_s_next_message_starts_it_anew(provider: Provider) -> None:
    ticket = (await provider.submit()).json()["id"]
    path = f"/api/intake/tickets/{ticket}"
    block = (await provider.admin.made(f"{path}/block"))["block"]
    answered = await provider.admin.post(f"{path}/replies", text="Try now.", token=block["token"])
    (row,) = await provider.listed(answered.headers["Consistency-Token"])
    assert (row["delay_seconds"], row["remaining_seconds"], row["waiting_since"]) == (None, None, None)
    again = await provider.client.post(f"{path}/replies", text="No.")
    (row,) = await provider.listed(again.headers["Consistency-Token"])
    assert row["waiting_since"] == again.json()["waiting_since"]
    assert 14390 < row["remaining_seconds"] <= 14400


async def test_every_step_is_seen_live_and_a_reconnect_misses_nothing(provider: Provider) -> None:
    async with provider.admin.live() as events:
        seen = asyncio.create_task(_collect(events, "unread"))
        ticket = (await provider.submit()).json()["id"]
        last = (await seen)["id"]
    path = f"/api/intake/tickets/{ticket}"
    await provider.admin.made(f"{path}/read")
    await provider.admin.made(f"{path}/block")
    async with provider.admin.live(last) as events:
        async for event in events:
            block = event["data"].get("block")
            if event["data"]["id"] == ticket and block:
                assert block["holder"]["id"] == provider.admin_id
                return


async def _collect(events: Any, until: str) -> dict[str, Any]:
    async for event in events:
        if event["data"].get(until):
            found: dict[str, Any] = event
            return found
    raise AssertionError("the stream ended")


async def test_the_history_names_everyone(provider: Provider) -> None:
    submitted = await provider.submit()
    ticket = submitted.json()["id"]
    await provider.listed(submitted.headers["Consistency-Token"])
    history = (await provider.admin.get(f"/api/query/tickets/{ticket}/history")).json()["items"]
    told = {item["type"]: item["actor"] for item in history}
    assert told["ticket.opened.v1"] == f"user:{provider.user_id}"
    assert told["ticket.routed.v1"] == "service:intake"
    assert told["ticket.weighed.v1"] == "service:routing"
    assert told["ticket.deadline_set.v1"] == "service:sla"


async def test_a_system_submits_with_its_api_key(provider: Provider) -> None:
    key = await provider.admin.made("/api/accounts/api-keys", name="monitoring", scopes=["tickets:submit"])
    system = await provider.product.session(api_key=key["key"])
    ticket = {"category_id": provider.category_id, "subject": "Disk is full", "text": "sda1", "urgency": "high"}
    submitted = await system.post("/api/intake/tickets", user_id=provider.user_id, **ticket)
    assert submitted.status_code == 201, submitted.text
    (row,) = await provider.listed(submitted.headers["Consistency-Token"])
    assert row["channel"] == "api"


async def test_every_service_documents_itself(provider: Provider) -> None:
    for service in ("accounts", "intake", "routing", "sla", "notify", "query"):
        document = (await provider.product.http.get(f"/api/{service}/openapi.json")).json()
        assert document["paths"], service
        for path, operations in document["paths"].items():
            assert all(operation.get("summary") for operation in operations.values()), path
