"""Webhooks: deliveries a second to a fast receiver, alone and beside a slow one, which must not hold it up.

Run as `python -m bench.webhook_bench`. The floor posts one event, signed once, to the same receiver over and over, as many
at a time as notify has, without a database. A round's events are all there when notify starts; each is of another ticket.
The slow receiver's rate is that while the fast one was served.
"""

import argparse
import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

import orjson

from bench.outgoing import TEXT, Notify
from bench.results import write
from bench.stage import staged, until
from services.notify.settings import Settings
from services.notify.webhooks.delivering import AT_ONCE
from services.notify.webhooks.posting import http_receiver, signed_headers
from services.notify.webhooks.secrets import made

EVENTS = 2_000
ROUNDS = 3
SLOW_SECONDS = 1.0


@dataclass(frozen=True)
class Round:
    """Deliveries a second."""

    floor: float
    alone: float
    beside: float
    slow: float


async def measure(events: int, rounds: int, slow_seconds: float) -> list[Round]:
    async with staged() as stage:
        fast, slow = [f"http://127.0.0.1:{await stage.sink('webhooks', seconds)}/" for seconds in (0.0, slow_seconds)]
        notify = await Notify.begun(stage, webhook_private_networks="true")
        return [await _round(notify, fast, slow, events) for _ in range(rounds)]


async def _round(notify: Notify, fast: str, slow: str, events: int) -> Round:
    floor = await _posted(fast, events)
    first = await notify.webhook(fast)
    alone, _ = await _delivered(notify, first, None, events)
    other = await notify.webhook(slow)
    beside, slowly = await _delivered(notify, first, other, events)
    for webhook in (first, other):
        await notify.without(webhook)
    return Round(floor, alone, beside, slowly)


async def _posted(url: str, events: int) -> float:
    """The floor."""
    body = orjson.dumps({"type": "ticket.opened.v1", "data": {"text": TEXT}})
    headers = signed_headers(made(), str(uuid4()), datetime.now(UTC), body)
    settings = Settings.model_validate({"webhook_private_networks": True, "system_key": "sixteen characters"})
    left = iter(range(events))
    async with http_receiver(settings) as receiver:

        async def post() -> None:
            for _ in left:
                answer = await receiver.post(url, body, headers)
                assert answer.is_taken, answer

        began = perf_counter()
        await asyncio.gather(*(post() for _ in range(AT_ONCE)))
        return events / (perf_counter() - began)


async def _delivered(notify: Notify, fast: UUID, slow: UUID | None, events: int) -> tuple[float, float]:
    """The rates of the fast and the slow one, from the fast one's first delivery to its last. Notify runs again then."""
    await notify.stop()
    before = await notify.find(events)
    await notify.start()
    database = await notify.database()

    async def is_delivered() -> bool:
        return bool(await database.fetchval(_DELIVERED, fast, before) == events)

    await until(is_delivered, seconds=600)
    row = await database.fetchrow(_RATES, fast, slow, before)
    await database.close()
    assert row is not None
    return (events - 1) / row["seconds"], row["slowly"] / row["seconds"]


_DELIVERED = "select count(*) from webhook_deliveries where webhook = $1 and queued_at >= $2 and state = 'delivered'"
_RATES = """
with fast as (select min(done_at) as since, max(done_at) as until from webhook_deliveries
               where webhook = $1 and queued_at >= $3 and state = 'delivered')
select extract(epoch from until - since)::float as seconds,
       (select count(*) from webhook_deliveries where webhook = $2 and done_at between since and until) as slowly
  from fast
"""


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench.webhook_bench", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--slow-seconds", type=float, default=SLOW_SECONDS)
    asked = parser.parse_args()
    found = asyncio.run(measure(asked.events, asked.rounds, asked.slow_seconds))
    head = ["deliveries", "/s", "to the bare POST", "to the fast one alone"]
    rows = [
        _cells("bare POST", [one.floor for one in found], found),
        _cells("to a fast receiver alone", [one.alone for one in found], found),
        _cells("to a fast one beside a slow one", [one.beside for one in found], found),
        _cells(f"to the slow one ({asked.slow_seconds:g} s an answer)", [one.slow for one in found], found),
    ]
    write("webhooks", "python -m bench.webhook_bench", head, rows)


def _cells(name: str, rates: list[float], rounds: list[Round]) -> list[str]:
    bare = median(rate / one.floor for rate, one in zip(rates, rounds, strict=True))
    alone = median(rate / one.alone for rate, one in zip(rates, rounds, strict=True))
    return [name, f"{median(rates):,.0f}", f"{bare:.2f}", f"{alone:.2f}"]


if __name__ == "__main__":
    main()
