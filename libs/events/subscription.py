"""Reading a JetStream stream from a sequence on: one standing pull request on an inbox of its own, nothing acknowledged.

The order and the completeness of what comes are the reader's to check (each event names its predecessor); so a lost
consumer, a server restarted or a stream made again need no more than a new subscription.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError

from libs.events.stream import TRANSPORT_ERRORS

PULL = 1000
EXPIRES_SECONDS = 30
HEARTBEAT_SECONDS = 2
NANOSECONDS = 1_000_000_000


class SubscriptionLost(nats.errors.Error):
    """The server no longer delivers; subscribe again."""


class Subscription:
    """Messages of one stream, in `queue` as they come; more are asked for when the reader has taken half of them."""

    def __init__(self, client: Client, stream: str, consumer: str, inbox: str, queue: asyncio.Queue[Msg]) -> None:
        self._client = client
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._inbox = inbox
        self._queue = queue
        self._expected = 0
        self._heard = asyncio.get_running_loop().time()

    def is_silent(self) -> bool:
        """Whether something was asked for, and not even heartbeats come."""
        since = asyncio.get_running_loop().time() - self._heard
        return self._expected > 0 and since > 3 * HEARTBEAT_SECONDS

    async def refill(self) -> None:
        """Ask for more when all that was asked for has come, unless the reader is behind: it would fill the memory."""
        if self._expected == 0 and self._queue.qsize() < PULL // 2:
            self._heard = asyncio.get_running_loop().time()
            await self.pull()

    async def pull(self) -> None:
        request = {
            "batch": PULL,
            "expires": EXPIRES_SECONDS * NANOSECONDS,
            "idle_heartbeat": HEARTBEAT_SECONDS * NANOSECONDS,
        }
        self._expected = PULL
        await self._client.publish(self._next, orjson.dumps(request), reply=self._inbox)

    async def receive(self, message: Msg) -> None:
        self._heard = asyncio.get_running_loop().time()
        status = message.headers.get("Status") if message.headers else None
        if status is None:
            self._expected -= 1
            await self._queue.put(message)
        elif status in {"404", "408"}:
            await self.pull()
        elif status != "100":
            await self._queue.put(message)


@asynccontextmanager
async def subscribed(
    client: Client, stream: str, after_sequence: int, queue: asyncio.Queue[Msg]
) -> AsyncIterator[Subscription]:
    """Deliver the stream's messages behind a sequence into the queue."""
    js = client.jetstream()
    info = await js.add_consumer(
        stream,
        ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=after_sequence + 1,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=60,
            mem_storage=True,
            num_replicas=1,
        ),
    )
    inbox = client.new_inbox()
    subscription = Subscription(client, stream, info.name, inbox, queue)
    inbox_subscription = await client.subscribe(inbox, cb=subscription.receive)
    try:
        await subscription.pull()
        yield subscription
    finally:
        with suppress(*TRANSPORT_ERRORS):
            await inbox_subscription.unsubscribe()
        with suppress(*TRANSPORT_ERRORS, APIError):
            await js.delete_consumer(stream, info.name)


def sequence(message: Msg) -> int:
    """The message's sequence in its stream, from its reply subject.

    `$JS.ACK.<stream>.<consumer>.<delivered>.<sequence>…`, or the same with a domain and an account behind `ACK`.
    """
    tokens = message.reply.split(".")
    return int(tokens[5] if len(tokens) == 9 else tokens[7])  # noqa: PLR2004 - the two forms differ by their length


def is_status(message: Msg) -> bool:
    return bool(message.headers and message.headers.get("Status"))
