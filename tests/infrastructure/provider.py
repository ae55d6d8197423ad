"""A small provider in a running product, set up through the API."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from tests.infrastructure.product import Product, Somebody


@dataclass
class Provider:
    """One department, open day and night, with four hours to answer; one category; one rule; one client."""

    product: Product
    admin: Somebody
    client: Somebody
    admin_id: str
    account_id: str
    user_id: str
    department_id: str
    category_id: str

    async def submit(self, **given: Any) -> httpx.Response:
        ticket = {"category_id": self.category_id, "subject": "Mail is late", "text": "Since today.", **given}
        return await self.client.post("/api/intake/tickets", **ticket)

    async def listed(self, token: str, **query: Any) -> list[dict[str, Any]]:
        """The list once what the token stands for has been judged and taken in."""
        response = await self.admin.get("/api/query/tickets", after=token, settled="true", **query)
        assert response.is_success, response.text
        assert response.headers["Consistency-Reached"] == "true"
        items: list[dict[str, Any]] = response.json()["items"]
        return items


async def founded(product: Product) -> Provider:
    """Set the provider up through the API, and wait until every service knows of it."""
    admin = await product.administrator()
    for service in ("intake", "routing", "sla", "notify", "query"):
        await eventually(partial(admin.get, f"/api/{service}/parked"))  # it knows the signing key
    me = await eventually(lambda: admin.get("/api/accounts/me"))
    department = await eventually(
        lambda: admin.post("/api/routing/departments", name="Support", member_ids=[me["id"]], head_id=me["id"])
    )
    category = await admin.made("/api/routing/categories", name="Mail", default_department_id=department["id"])
    await admin.made("/api/routing/weight-rules", name="Urgent", conditions={"urgencies": ["high"]}, points=10)
    await eventually(lambda: admin.put(f"/api/sla/departments/{department['id']}/target", response_seconds=14400))
    account = await admin.made("/api/accounts/accounts", name="Acme", attitude="good")
    secret = {"email": "jane@acme.example", "password": "correct horse battery"}
    user = await admin.made("/api/accounts/users", account_id=account["id"], name="Jane", **secret)
    client = await product.sign_in(**secret)
    made = Provider(product, admin, client, me["id"], account["id"], user["id"], department["id"], category["id"])
    await _known_to_intake(made)
    return made


async def _known_to_intake(provider: Provider) -> None:
    """Intake knows a new user and category moments after they were made; a refusal until then leaves no trace."""
    response = await provider.submit(subject="The very first")
    while response.status_code in {401, 403, 422}:
        await asyncio.sleep(0.05)
        response = await provider.submit(subject="The very first")
    assert response.status_code == 201, response.text
    ticket = response.json()["id"]
    await provider.admin.made(f"/api/intake/tickets/{ticket}/close")


async def eventually(ask: Callable[[], Awaitable[httpx.Response]]) -> dict[str, Any]:
    """Ask until what one service told has reached the other; the test's own time-out is the limit."""
    response = await ask()
    while not response.is_success:
        await asyncio.sleep(0.05)
        response = await ask()
    answer: dict[str, Any] = response.json()
    return answer
