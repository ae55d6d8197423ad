"""Submitting a ticket, durably, against the bare FastAPI insert: rates and tails by the number of clients.

Run as `python -m bench.post_bench`. Floor and product take turns on the same servers; the ratios are those of neighbouring
rounds, and their medians are what counts.
"""

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median
from uuid import UUID, uuid4

import asyncpg
import httpx
import orjson

from bench.load import Order, Result, measured
from bench.results import write
from bench.stage import People, Stage, staged, until
from libs.events.catalogue.routing import CategoryCreated
from tests.infrastructure.players import Player

TICKETS = "/api/intake/tickets"
CLIENTS = (1, 8, 32)
ROUNDS = 5
TEXT = "Since this morning nothing gets through. Please have a look at it soon."


@dataclass(frozen=True)
class Row:
    """Rounds of floor and product, side by side."""

    clients: int
    pairs: list[tuple[Result, Result]]

    def cells(self) -> list[str]:
        floors, products = zip(*self.pairs, strict=True)
        return [
            str(self.clients),
            f"{median(one.rate for one in floors):,.0f}",
            f"{median(one.rate for one in products):,.0f}",
            f"{self.ratio(lambda one: one.rate):.2f}",
            f"{median(one.p50 for one in floors):.1f} / {median(one.p99 for one in floors):.1f}",
            f"{median(one.p50 for one in products):.1f} / {median(one.p99 for one in products):.1f}",
            f"{self.ratio(lambda one: one.p99):.1f}",
        ]

    def ratio(self, figure: Callable[[Result], float]) -> float:
        return median(figure(product) / figure(floor) for floor, product in self.pairs)


async def measure(rounds: int = ROUNDS, seconds: float = 3.0) -> list[Row]:
    async with staged() as stage:
        people, category = People(), uuid4()
        accounts = await _prepared(stage, people, category)
        body = orjson.dumps({"category_id": category, "subject": "Mail does not arrive", "text": TEXT}).decode()
        floor = Order(stage.ports["floor"], ["/rows"], "POST", {}, body, seconds=seconds)
        headers = people.as_client()
        product = Order(stage.ports["intake"], [TICKETS], "POST", headers, body, is_command=True, seconds=seconds)
        return [await _row(stage, accounts, clients, floor, product, rounds) for clients in CLIENTS]


async def _row(stage: Stage, accounts: Player, clients: int, floor: Order, product: Order, rounds: int) -> Row:
    pairs = []
    for _ in range(rounds):
        bare = await _created(stage, replace(floor, clients=clients))
        pairs.append((bare, await _created(stage, replace(product, clients=clients))))
        await _published(stage, accounts)  # or the next round of the floor would pay for it
    return Row(clients, pairs)


async def _created(stage: Stage, order: Order) -> Result:
    result = await measured(order, stage.cores.load)
    if set(result.statuses) != {"201"}:
        raise RuntimeError(f"not everything was created: {result.statuses}")
    return result


async def _prepared(stage: Stage, people: People, category: UUID) -> Player:
    """Floor and intake running, and intake knowing the people and a category; answers who plays accounts."""
    accounts, routing = await stage.play("accounts"), await stage.play("routing")
    for entity, data in people.facts():
        await accounts.tell(entity, data)
    await routing.tell(category, CategoryCreated(name="Mail", default_department_id=uuid4()))
    await stage.floor()
    await stage.service("intake")
    await _until_taken(stage, people, category)
    return accounts


async def _until_taken(stage: Stage, people: People, category: UUID) -> None:
    url = f"http://127.0.0.1:{stage.ports['intake']}{TICKETS}"
    body = {"category_id": str(category), "subject": "First", "text": "First"}
    async with httpx.AsyncClient(trust_env=False) as client:

        async def is_taken() -> bool:
            headers = {**people.as_client(), "Idempotency-Key": str(uuid4())}
            return (await client.post(url, json=body, headers=headers)).status_code == 201

        await until(is_taken)


async def _published(stage: Stage, accounts: Player) -> None:
    """Wait until intake's relay has published all there is in its log; accounts lends its connection to NATS."""
    js = (await accounts.backbone.transport.client()).jetstream()
    connection = await asyncpg.connect(stage.postgres.dsn("helpdesk_intake"))
    written = await connection.fetchval("select count(*) from log")
    await connection.close()

    async def is_told() -> bool:
        return bool((await js.stream_info("helpdesk_intake")).state.messages >= written)

    await until(is_told)


HEAD = ["clients", "floor /s", "product /s", "ratio", "floor p50 / p99 ms", "product p50 / p99 ms", "p99 ratio"]


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=3.0)
    chosen = parser.parse_args()
    rows = await measure(chosen.rounds, chosen.seconds)
    write("post", "python -m bench.post_bench", HEAD, [row.cells() for row in rows])


if __name__ == "__main__":
    asyncio.run(main())
