"""A run of the demo that was cut short between the block and the answer: the next one sends the answer, once."""

import asyncio
from contextlib import closing

from deploy.client import Helpdesk
from deploy.demo.seeding import World
from deploy.demo.steps import Step
from deploy.demo.ticket import Ticket
from deploy.local.stack import SERVICES
from tests.infrastructure.product import ADMINISTRATOR, Product
from tests.infrastructure.provider import Provider

ANSWER = Step("answer", ADMINISTRATOR["email"], "It is fixed.")
NOWHERE = World(staff={}, departments={}, categories={}, projects={}, users={})


def run(product: Product, ticket: str, *, is_cut_short: bool = False) -> None:
    """Tell the story that has nothing but an answer; or begin to."""
    with closing(Helpdesk(dict.fromkeys(SERVICES, product.url))) as helpdesk:
        administrator = helpdesk.sign_in(**ADMINISTRATOR)
        if is_cut_short:
            administrator.post(f"/api/intake/tickets/{ticket}/block", key="demo-2:1:0:block")
        else:
            Ticket(NOWHERE, lambda _: administrator, 1, {"id": ticket}).go_on([ANSWER])


async def test_it_is_sent_once_though_the_block_is_lost(provider: Provider) -> None:
    ticket = (await provider.submit()).json()["id"]
    path = f"/api/intake/tickets/{ticket}"
    await asyncio.to_thread(run, provider.product, ticket, is_cut_short=True)
    lost = await provider.admin.made(f"{path}/unblock")
    assert lost["block"] is None
    for _ in range(2):
        await asyncio.to_thread(run, provider.product, ticket)
        read = await provider.client.post(f"{path}/read")
        seen = await provider.admin.get(f"/api/query/tickets/{ticket}", after=read.headers["Consistency-Token"])
        assert [message["text"] for message in seen.json()["messages"]][1:] == ["It is fixed."]
        assert (await provider.admin.get(f"{path}/draft")).status_code == 404
