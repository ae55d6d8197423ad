"""The demo's world as the API shows it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from tests.infrastructure.product import Product, Somebody, listed

T = TypeVar("T")
S = TypeVar("S")
_AT_ONCE = 8


async def each(act: Callable[[S], Awaitable[T]], things: Iterable[S]) -> list[T]:
    """Do it with all of them, some at a time."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(thing: S) -> T:
        async with turns:
            return await act(thing)

    return await asyncio.gather(*map(one, things))


async def settled_tickets(caller: Somebody) -> list[dict[str, Any]]:
    """All tickets, once all has been judged that came before a note which we leave on one that nobody writes on."""
    some = (await listed(caller, "query/tickets", state="closed"))[0]
    noted = await caller.post(f"/api/intake/tickets/{some['id']}/notes", text="Seen")
    seen = {"after": noted.headers["Consistency-Token"], "settled": "true"}
    async with asyncio.timeout(60):
        while (await caller.get("/api/query/tickets", **seen)).headers["Consistency-Reached"] == "false":
            pass
    return await listed(caller, "query/tickets", state="all", sort="id")


async def details(caller: Somebody, tickets: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    async def one(ticket: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = (await caller.get(f"/api/query/tickets/{ticket['id']}")).raise_for_status().json()
        return found

    return await each(one, tickets)


async def told(product: Product, admin: Somebody, service: str) -> Counter[str]:
    """How many events of each type people and systems have brought about; not the clock, nor rules."""
    key = await admin.made("/api/accounts/api-keys", name="reader", scopes=["log:read"])
    system = await product.session(api_key=key["key"])
    page = (await system.get(f"/api/{service}/log", limit=5000)).raise_for_status().json()
    assert page["is_last"]
    return Counter(event["type"] for event in page["events"] if event["actor"].startswith(("user:", "system:")))
