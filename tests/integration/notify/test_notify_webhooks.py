"""Webhooks, to a real receiver that is slow, failing, redirecting, or somewhere that it may not be."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpcore
import pytest

from libs.events.catalogue import intake
from services.notify.webhooks import delivering
from services.notify.webhooks.addresses import PrivateAddress, PublicOnly
from tests.infrastructure.cast import until
from tests.integration.notify.conftest import World
from tests.integration.notify.receiver import Receiver, running_receiver

TYPES = ["ticket.opened.v1", "ticket.replied.v1", "ticket.closed.v1", "ticket.deleted.v1"]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with running_receiver() as receiver:
        yield receiver


@pytest.fixture
async def clocked(world: World) -> World:
    """By the machine's clock, as the receiver's library holds the timestamp against it."""
    world.clock.instant = await world.database.fetchval("select clock_timestamp()")
    return world


async def hook(world: World, url: str, types: list[str] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = await world.done("POST", "webhooks", {"name": "W", "url": url, "types": types or TYPES})
    return made


async def deliveries(world: World, webhook: dict[str, Any], **asked: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    items: list[dict[str, Any]] = (await world.get(f"webhooks/{webhook['id']}/deliveries?{query}")).json()["items"]
    return items


async def until_all_are(world: World, state: str) -> None:
    async def are() -> bool:
        return not await world.database.fetchval(
            "select exists (select from webhook_deliveries where state <> $1)", state
        )

    await until(are)


async def until_put_off(world: World, attempts: int) -> None:
    async def is_so() -> bool:
        return bool(
            await world.database.fetchval(
                "select exists (select from webhook_deliveries where attempts >= $1 and leased_until is null)", attempts
            )
        )

    await until(is_so)


async def test_an_event_comes_signed_and_as_it_is_on_nats(clocked: World, receiver: Receiver) -> None:
    made = await hook(clocked, receiver.url)
    ticket = await clocked.opened()
    await receiver.until(1)
    (event,) = receiver.verified(made["secret"])
    headers, body = receiver.came[0]
    assert headers["webhook-id"] == event["id"]
    assert headers["content-type"] == "application/cloudevents+json"
    assert (event["type"], event["subject"]) == ("ticket.opened.v1", str(ticket))
    await clocked.caught_up()
    feed = await _feed(clocked, "intake")
    assert event == next(one for one in feed if one["id"] == event["id"])
    assert made["secret"] not in str(await clocked.database.fetch("select * from webhooks"))
    assert body


async def _feed(world: World, service: str) -> list[dict[str, Any]]:
    headers = {"Authorization": "Bearer the key that services share"}
    url = world.settings.service_url(service)
    answer = await world.http.get(f"{url}/api/{service}/log", params={"after": 0}, headers=headers)
    assert answer.is_success, answer.text
    events: list[dict[str, Any]] = answer.json()["events"]
    return events


async def test_only_the_chosen_types_come(world: World, receiver: Receiver) -> None:
    await hook(world, receiver.url, ["ticket.closed.v1"])
    ticket = await world.opened()
    await world.tell("intake", ticket, intake.TicketClosed())
    await receiver.until(1)
    assert [event["type"] for event in receiver.taken] == ["ticket.closed.v1"]


async def test_deliveries_begin_once_they_are_committed_without_waiting_for_the_poll(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "POLL_SECONDS", 3600.0)
    await hook(world, receiver.url)  # from here on the worker waits by the new measure
    for count in range(1, 11):
        await world.opened()
        await receiver.until(count)


async def test_what_was_before_the_webhook_does_not_come(world: World, receiver: Receiver) -> None:
    await world.opened()
    world.clock.advance(1)
    await hook(world, receiver.url)
    other = await world.opened()
    await receiver.until(1)
    assert receiver.taken[0]["subject"] == str(other)


async def test_a_ticket_s_events_come_in_order_however_often_one_fails(world: World, receiver: Receiver) -> None:
    await hook(world, receiver.url)
    receiver.answers = [500, 503]
    ticket = await world.opened()
    await until_put_off(world, 1)
    await world.replied(ticket)
    await world.tell("intake", ticket, intake.TicketClosed())
    other = await world.opened()  # which waits for no other ticket
    await receiver.until_tried(2)
    for attempt in (1, 2, 3):
        await world.caught_up()
        world.clock.advance(10 * 2**attempt)
        world.notify.wakes.webhooks.set()
    await receiver.until(4)
    of_ticket = [event["type"] for event in receiver.taken if event["subject"] == str(ticket)]
    assert of_ticket == ["ticket.opened.v1", "ticket.replied.v1", "ticket.closed.v1"]
    assert str(other) in {event["subject"] for event in receiver.taken}


async def test_a_slow_receiver_holds_up_no_other(world: World, receiver: Receiver) -> None:
    async with running_receiver() as slow:
        slow.answers = ["hang"] * 100
        await hook(world, slow.url)
        await hook(world, receiver.url)
        for _ in range(20):
            await world.opened()
        await receiver.until(20)
        assert slow.taken == []


async def test_a_slow_receiver_is_waited_for_only_so_long(quiet_world: World, receiver: Receiver) -> None:
    async with quiet_world.running(webhook_timeout_seconds=0.3) as world:
        await world.introduced()
        made = await hook(world, receiver.url)
        receiver.answers = ["hang"]
        await world.opened()
        await until_put_off(world, 1)
        assert [one["error"] for one in await deliveries(world, made)] == ["timeout"]


async def test_no_redirect_is_followed(world: World, receiver: Receiver) -> None:
    async with running_receiver() as elsewhere:
        receiver.answers, receiver.headers = [307], {"Location": elsewhere.url}
        made = await hook(world, receiver.url)
        await world.opened()
        await until_put_off(world, 1)
        assert [one["status"] for one in await deliveries(world, made)] == [307]
        assert elsewhere.came == []


async def test_an_endless_answer_is_not_read_to_its_end(world: World, receiver: Receiver) -> None:
    receiver.size = 200_000
    made = await hook(world, receiver.url)
    await world.opened()
    await until_put_off(world, 1)
    assert [one["error"] for one in await deliveries(world, made)] == ["answer_too_large"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f000001", "[::1]", "2130706433"])
async def test_a_private_address_is_not_called(quiet_world: World, receiver: Receiver, host: str) -> None:
    async with quiet_world.running(webhook_private_networks=False) as world:
        await world.introduced()
        made = await hook(world, receiver.url.replace("127.0.0.1", host))
        tested = await world.done("POST", f"webhooks/{made['id']}/test")
        assert (tested["delivered"], tested["error"]) == (False, "private_address")
        assert receiver.came == []


class _Recording(httpcore.AsyncNetworkBackend):
    """What is really connected to."""

    def __init__(self) -> None:
        self.hosts: list[str] = []

    async def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        self.hosts.append(host)
        raise httpcore.ConnectError

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise AssertionError

    async def sleep(self, *_: Any) -> None:
        raise AssertionError


async def test_what_is_connected_to_is_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads to another address a moment later (DNS rebinding) has no second chance: no name is connected to."""
    answers = [[(0, 0, 0, "", ("8.8.8.8", 443))], [(0, 0, 0, "", ("8.8.8.8", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]]

    async def looked_up(*_: Any, **__: Any) -> Any:
        return answers.pop(0)

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", looked_up, raising=False)
    recording = _Recording()
    backend = PublicOnly(recording)
    with pytest.raises(httpcore.ConnectError):
        await backend.connect_tcp("rebinding.example", 443)
    with pytest.raises(PrivateAddress):
        await backend.connect_tcp("rebinding.example", 443)
    assert recording.hosts == ["8.8.8.8"]


async def test_a_receiver_that_fails_for_days_is_paused_and_goes_on_where_it_was(
    world: World, receiver: Receiver
) -> None:
    made = await hook(world, receiver.url)
    receiver.answers = [500] * 2
    ticket = await world.opened()
    await until_put_off(world, 1)
    world.clock.advance(world.settings.webhook_give_up_seconds)
    world.notify.wakes.webhooks.set()
    await until_put_off(world, 2)
    shown = (await world.get(f"webhooks/{made['id']}")).json()
    assert (shown["state"], shown["last_error"]) == ("paused", "500")
    await world.replied(ticket)
    await world.caught_up()
    changed = await world.done("PATCH", f"webhooks/{made['id']}", {"state": "active"})
    assert (changed["state"], changed["failing_since"], changed["secret"]) == ("active", None, None)
    await receiver.until(2)
    assert [event["type"] for event in receiver.taken] == ["ticket.opened.v1", "ticket.replied.v1"]


async def test_a_receiver_that_is_gone_is_paused_at_once(world: World, receiver: Receiver) -> None:
    made = await hook(world, receiver.url)
    receiver.answers = [410]
    await world.opened()
    await until_put_off(world, 1)
    assert (await world.get(f"webhooks/{made['id']}")).json()["state"] == "paused"


async def test_one_delivery_or_those_of_a_time_come_again(world: World, receiver: Receiver) -> None:
    made = await hook(world, receiver.url)
    began = world.clock.now()
    for _ in range(3):
        await world.opened()
        world.clock.advance(60)
    await receiver.until(3)
    await until_all_are(world, "delivered")
    newest, *_, oldest = await deliveries(world, made)
    assert (await world.done("POST", f"webhooks/{made['id']}/replay", {"number": oldest["number"]}))["queued"] == 1
    await receiver.until(4)
    assert receiver.taken[3]["id"] == oldest["event_id"]
    span = {"since": began.isoformat(), "until": newest["at"]}  # until is left out
    assert (await world.done("POST", f"webhooks/{made['id']}/replay", span))["queued"] == 2
    await receiver.until(6)
    assert (await world.send("POST", f"webhooks/{made['id']}/replay", {"number": 10**9})).status_code == 404
    assert (await world.send("POST", f"webhooks/{made['id']}/replay", {})).status_code == 422


async def test_nothing_of_an_erased_ticket_is_left_in_what_is_still_to_be_delivered(
    world: World, receiver: Receiver
) -> None:
    await hook(world, receiver.url)
    receiver.answers = [500]
    ticket = await world.opened(text="Something private")
    await until_put_off(world, 1)
    await world.tell("intake", ticket, intake.TicketDeleted(number=1001))
    await world.caught_up()
    rows = await world.database.fetch("select payload from webhook_events")
    assert "Something private" not in str(rows)
    world.clock.advance(60)
    world.notify.wakes.webhooks.set()
    await receiver.until(2)
    assert [event["type"] for event in receiver.taken] == ["ticket.opened.v1", "ticket.deleted.v1"]
    assert (receiver.taken[0]["redacted"], receiver.taken[0]["data"]["text"]) == (True, "")


async def test_a_death_after_the_delivery_is_a_second_delivery_and_keeps_the_order(
    quiet_world: World, receiver: Receiver
) -> None:
    async with quiet_world.running() as world:
        await world.introduced()
        await hook(world, receiver.url)
        receiver.answers = ["hang"]
        ticket = await world.opened()
        await receiver.until_tried(1)
        await world.replied(ticket)
        await world.caught_up()
        # The process ends here, with the request unanswered.
    quiet_world.clock.advance(301)
    async with quiet_world.running():
        receiver.released.set()
        await receiver.until(3)
    types = [event["type"] for event in receiver.taken]
    assert types[-2:] == ["ticket.opened.v1", "ticket.replied.v1"]


async def test_a_webhook_takes_what_makes_sense_only(world: World) -> None:
    good = {"name": "W", "url": "https://example.com/hook", "types": ["ticket.opened.v1"]}
    wrong: list[dict[str, Any]] = [
        {"types": ["ticket.unheard_of.v1"]},
        {"types": []},
        {"types": ["ticket.opened.v1"] * 2},
        {"url": "ftp://example.com"},
        {"url": "https://user:password@example.com"},
        {"url": "https://"},
        {"url": "https://example.com:99999/"},
        {"name": ""},
    ]
    for one in wrong:
        answer = await world.send("POST", "webhooks", {**good, **one})
        assert answer.status_code == 422, one
    assert (await world.send("POST", "webhooks", good, world.jane)).status_code == 403
    assert (await world.get(f"webhooks/{uuid4()}")).status_code == 404
    assert (await world.get("webhooks")).json()["items"] == []


async def test_a_new_secret_takes_the_place_of_the_old_one(clocked: World, receiver: Receiver) -> None:
    made = await hook(clocked, receiver.url)
    changed = await clocked.done("PATCH", f"webhooks/{made['id']}", {"new_secret": True})
    assert changed["secret"] not in {None, made["secret"]}
    tested = await clocked.done("POST", f"webhooks/{made['id']}/test")
    assert tested == {"delivered": True, "status": 200, "error": None}
    assert receiver.verified(changed["secret"])[0]["type"] == "webhook.test.v1"
    assert UUID(receiver.taken[0]["id"]).version == 4
