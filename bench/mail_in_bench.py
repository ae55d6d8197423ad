"""Mail in over LMTP: committed and answered with 250, against a bare LMTP server that inserts a row; and made into tickets.

Run as `python -m bench.mail_in_bench`. Floor and product take turns on the same servers; the ratios are those of
neighbouring rounds, and their medians are what counts. Tickets are counted from the first mail of a round to the last ticket
of it: one worker makes them, beside the listener in the same process.
"""

import argparse
import asyncio
from dataclasses import dataclass, replace
from statistics import median
from uuid import UUID, uuid4

import asyncpg
import httpx

from bench.load import Result
from bench.mail_load import MailOrder, handed_over, sender_of
from bench.results import write
from bench.stage import People, Stage, staged, until
from deploy.local.ports import free_port
from libs.events.catalogue.accounts import UserCreated
from libs.events.catalogue.routing import CategoryCreated

SUPPORT = "support@provider.example"
CLIENTS = (1, 8, 32)
ROUNDS = 3
SENDERS = 200
_MANY = 10**9


@dataclass(frozen=True)
class Round:
    """Floor and product, side by side, and the tickets that came of the product's mails in a second."""

    floor: Result
    product: Result
    tickets: float


async def measure(rounds: int, seconds: float) -> dict[int, list[Round]]:
    async with staged() as stage:
        people, category = People(), uuid4()
        lmtp = {"floor": free_port(), "intake": free_port()}
        await _told(stage, people, category)
        await stage.floor(lmtp["floor"])
        await stage.service("intake", mail_listen_port=lmtp["intake"], mail_sender_per_hour=_MANY)
        await _gateway(stage, people, category)
        order = MailOrder(lmtp["intake"], SUPPORT, SENDERS, seconds=seconds)
        pool = await asyncpg.create_pool(stage.postgres.dsn("helpdesk_intake"), min_size=1, max_size=1)
        async with pool:
            return {
                clients: [
                    await _round(stage, pool, replace(order, clients=clients), lmtp["floor"]) for _ in range(rounds)
                ]
                for clients in CLIENTS
            }


async def _round(stage: Stage, pool: asyncpg.Pool, order: MailOrder, floor: int) -> Round:
    bare = await handed_over(replace(order, port=floor, prefix=uuid4().hex), stage.cores.load)
    before = await pool.fetchval("select clock_timestamp()")
    product = await handed_over(replace(order, prefix=uuid4().hex), stage.cores.load)

    async def is_settled() -> bool:
        return not await pool.fetchval("select exists (select from mails where state = 'received')")

    await until(is_settled, seconds=600)
    row = await pool.fetchrow(_MADE, before)
    assert row is not None
    if row["mails"] != row["tickets"]:
        raise RuntimeError("not every mail became a ticket")
    return Round(bare, product, row["tickets"] / row["seconds"])


async def _told(stage: Stage, people: People, category: UUID) -> None:
    accounts, routing = await stage.play("accounts"), await stage.play("routing")
    for entity, data in people.facts():
        await accounts.tell(entity, data)
    for number in range(SENDERS):
        user = UserCreated(account_id=people.account, name="User", email=sender_of(number))
        await accounts.tell(uuid4(), user)
    await routing.tell(category, CategoryCreated(name="Mail", default_department_id=uuid4()))


async def _gateway(stage: Stage, people: People, category: UUID) -> None:
    """Once intake knows the people and the category."""
    base = f"http://127.0.0.1:{stage.ports['intake']}/api/intake"
    async with httpx.AsyncClient(trust_env=False) as client:

        async def is_made() -> bool:
            body = {"address": SUPPORT, "category_id": str(category)}
            return (await client.post(f"{base}/gateways", json=body, headers=people.as_staff())).status_code == 201

        async def is_known() -> bool:
            body = {"category_id": str(category), "subject": "First", "text": "First"}
            headers = {**people.as_client(), "Idempotency-Key": str(uuid4())}
            return (await client.post(f"{base}/tickets", json=body, headers=headers)).status_code == 201

        await until(is_known)
        await until(is_made)


_MADE = """
select count(*) as mails, count(*) filter (where state = 'ticket') as tickets,
       extract(epoch from max(settled_at) - min(received_at))::float as seconds
  from mails where received_at >= $1
"""
HEAD = [
    "connections",
    "floor /s",
    "answered 250 /s",
    "ratio",
    "floor p50 / p99 ms",
    "product p50 / p99 ms",
    "tickets /s",
]


def _cells(clients: int, rounds: list[Round]) -> list[str]:
    floors, products = [one.floor for one in rounds], [one.product for one in rounds]
    return [
        str(clients),
        f"{median(one.rate for one in floors):,.0f}",
        f"{median(one.rate for one in products):,.0f}",
        f"{median(one.product.rate / one.floor.rate for one in rounds):.2f}",
        f"{median(one.p50 for one in floors):.1f} / {median(one.p99 for one in floors):.1f}",
        f"{median(one.p50 for one in products):.1f} / {median(one.p99 for one in products):.1f}",
        f"{median(one.tickets for one in rounds):,.0f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench.mail_in_bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=3.0)
    asked = parser.parse_args()
    found = asyncio.run(measure(asked.rounds, asked.seconds))
    write("mail in", "python -m bench.mail_in_bench", HEAD, [_cells(*row) for row in found.items()])


if __name__ == "__main__":
    main()
