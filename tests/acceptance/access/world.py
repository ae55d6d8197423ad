"""A provider with two departments, two customers, and everybody who might call."""

import asyncio
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from tests.acceptance.access.cast import Actor, Departments, clients_of, left, new_user, nobody, staff_of, systems_of
from tests.acceptance.access.things import Things, known
from tests.infrastructure.product import Product


@dataclass
class World:
    product: Product
    things: Things
    actors: list[Actor]

    def actor(self, name: str) -> Actor:
        return next(one for one in self.actors if one.name == name)


async def peopled(product: Product, mail_port: int) -> World:
    """Make it through the API, and wait until every service knows of it."""
    owner = await product.administrator()
    for service in ("intake", "routing", "sla", "notify", "query"):
        await known(partial(owner.get, f"/api/{service}/parked"))
    a, b, nowhere = [(await owner.made("/api/routing/departments", name=name))["id"] for name in ("A", "B", "Nowhere")]
    category, unplaced = [
        (await owner.made("/api/routing/categories", name="C", default_department_id=department))["id"]
        for department in (a, nowhere)
    ]
    assert (await owner.patch(f"/api/routing/departments/{nowhere}", enabled=False)).is_success
    account, other = [(await owner.made("/api/accounts/accounts", name=name))["id"] for name in ("Acme", "Other")]
    departments = Departments(UUID(a), UUID(b))
    user = (await new_user(owner, account))["id"]
    clients = await clients_of(product, owner, account, other)
    things = Things(owner, clients[0].who, account, user, departments, category, unplaced, other, mail_port)
    actors = [
        *nobody(product),
        *clients,
        *await staff_of(product, owner, departments),
        *await systems_of(product, owner),
        await left(product, owner),
    ]
    while not {category, unplaced} <= await _open_categories(clients[0]):  # noqa: ASYNC110 - asks over HTTP
        await asyncio.sleep(0.05)
    return World(product, things, actors)


async def _open_categories(client: Actor) -> set[str]:
    answer = await client.who.get("/api/intake/categories")
    return {one["id"] for one in answer.json()["items"]} if answer.is_success else set()
