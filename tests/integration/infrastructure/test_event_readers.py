"""The NATS user `events` reads events and does nothing else, however it asks."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.errors import TimeoutError as NatsTimeoutError

from deploy.local.nats_config import READERS_DOMAIN
from tests.infrastructure.embedded import OwnNats
from tests.infrastructure.messaging import nats_client

STREAMS = ("intake", "sla")
API = f"$JS.{READERS_DOMAIN}.API"
PROBE = "helpdesk.intake.progress.probe"


@pytest.fixture
async def services(own_nats: OwnNats) -> AsyncIterator[Client]:
    async with nats_client(own_nats.url) as client:
        jetstream = client.jetstream()
        for name in STREAMS:
            await jetstream.add_stream(name=f"helpdesk_{name}", subjects=[f"helpdesk.{name}.>"], allow_direct=True)
            await jetstream.publish(f"helpdesk.{name}.0.ticket.1.opened", b"written by its service")
        yield client


@pytest.fixture
def refusals() -> "asyncio.Queue[str]":
    return asyncio.Queue()


@pytest.fixture
async def reader(own_nats: OwnNats, refusals: "asyncio.Queue[str]") -> AsyncIterator[Client]:
    async with nats_client(own_nats.events_url, refusals.put_nowait) as client:
        yield client


async def stored(services: Client) -> list[int]:
    jetstream = services.jetstream()
    return [(await jetstream.stream_info(f"helpdesk_{name}")).state.messages for name in STREAMS]


async def test_it_hears_events_and_progress_as_they_happen(services: Client, reader: Client) -> None:
    heard = await reader.subscribe("helpdesk.>")
    await _listened_to(services, heard)
    await services.publish("helpdesk.intake.progress.complete", b"{}")
    await services.jetstream().publish("helpdesk.intake.0.ticket.1.closed", b"{}")
    assert await _next(heard) == "helpdesk.intake.progress.complete"
    assert await _next(heard) == "helpdesk.intake.0.ticket.1.closed"


async def _listened_to(services: Client, heard: Subscription) -> None:
    """The services' server learns a little later than the readers' who wants to hear what."""
    while True:
        await services.publish(PROBE, b"")
        with suppress(NatsTimeoutError):
            await heard.next_msg(timeout=0.1)
            return


async def _next(heard: Subscription) -> str:
    while (message := await heard.next_msg(timeout=30)).subject == PROBE:
        pass
    return message.subject


@pytest.mark.usefixtures("services")
async def test_it_reads_stored_events_with_an_ordinary_client(reader: Client) -> None:
    jetstream = reader.jetstream(domain=READERS_DOMAIN)
    assert (await jetstream.stream_info("helpdesk_intake")).state.messages == 1
    message = await jetstream.get_msg("helpdesk_intake", seq=1, direct=True)
    assert message.data == b"written by its service"


async def test_it_reads_stored_events_in_batches(services: Client, reader: Client) -> None:
    for number in range(2, 6):
        await services.jetstream().publish(f"helpdesk.intake.0.ticket.{number}.opened", b"{}")
    inbox = reader.new_inbox()
    answers = await reader.subscribe(inbox)
    batch = {"seq": 2, "batch": 3, "next_by_subj": "helpdesk.intake.>"}
    await reader.publish(f"{API}.DIRECT.GET.helpdesk_intake", json.dumps(batch).encode(), reply=inbox)
    headers = [(await answers.next_msg(timeout=30)).headers or {} for _ in range(3)]
    assert [found["Nats-Sequence"] for found in headers] == ["2", "3", "4"]


@pytest.mark.parametrize(
    "subject",
    [
        "helpdesk.intake.0.ticket.1.closed",
        "helpdesk.intake.progress.complete",
        "elsewhere",
        *(
            f"{prefix}.{request}"
            for prefix in ("$JS.API", API)
            for request in (
                "STREAM.CREATE.mine",
                "STREAM.UPDATE.helpdesk_intake",
                "STREAM.DELETE.helpdesk_intake",
                "STREAM.PURGE.helpdesk_intake",
                "STREAM.MSG.DELETE.helpdesk_intake",
                "STREAM.SNAPSHOT.helpdesk_intake",
                "CONSUMER.CREATE.helpdesk_intake.mine",
                "CONSUMER.DELETE.helpdesk_intake.theirs",
                "CONSUMER.MSG.NEXT.helpdesk_intake.theirs",
            )
        ),
    ],
)
async def test_it_may_not_write_purge_or_delete(
    services: Client, reader: Client, refusals: "asyncio.Queue[str]", subject: str
) -> None:
    await reader.publish(subject, b'{"seq": 1}')
    async with asyncio.timeout(10):
        assert f'permissions violation for publish to "{subject.lower()}"' in (await refusals.get()).lower()
    assert await stored(services) == [1, 1]


@pytest.mark.parametrize("subject", [">", "_INBOX_services.>", "$JS.API.>", "$JS.EVENT.ADVISORY.>", "$SYS.>"])
async def test_it_may_not_listen_to_anything_but_events(
    reader: Client, refusals: "asyncio.Queue[str]", subject: str
) -> None:
    await reader.subscribe(subject)
    async with asyncio.timeout(10):
        assert "permissions violation for subscription" in (await refusals.get()).lower()


async def test_the_answer_to_a_question_cannot_be_aimed_at_a_stream(services: Client, reader: Client) -> None:
    """JetStream sends its answers to whatever reply subject it is given and asks nobody's permission."""
    witness = await services.subscribe("helpdesk.sla.>")
    questions = [(f"{API}.STREAM.INFO.helpdesk_intake", b""), (f"{API}.DIRECT.GET.helpdesk_intake", b'{"seq": 1}')]
    for subject, payload in questions:
        await reader.publish(subject, payload, reply="helpdesk.sla.0.ticket.1.forged")
        await reader.request(subject, payload)  # answered, so the one before was as well
    await services.flush()
    with pytest.raises(NatsTimeoutError):
        await witness.next_msg(timeout=0.1)
    assert await stored(services) == [1, 1]
