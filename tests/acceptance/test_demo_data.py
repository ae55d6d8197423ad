"""The demo data, as `make run DEMO=1` loads it: by a process that has nothing but the HTTP API."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.__main__ import ACCOUNTS, TICKETS
from deploy.demo.company import ADMINISTRATORS, CATEGORIES, DEPARTMENTS, WEIGHT_RULES
from deploy.local.stack import SERVICES
from tests.infrastructure.product import ADMINISTRATOR, SYSTEM_KEY, Product, Somebody

ROOT = Path(__file__).parents[2]
LISTS = {
    "accounts/administrators": 1 + len(ADMINISTRATORS),
    "accounts/accounts": ACCOUNTS,
    "accounts/api-keys": 1,
    "routing/departments": len(DEPARTMENTS),
    "routing/categories": len(CATEGORIES),
    "routing/weight-rules": len(WEIGHT_RULES),
}
# What changes by itself, by the clock: a block ends when its time is up.
PASSING = {"weight", "delay_seconds", "remaining_seconds", "overdue", "block"}


async def load_demo_data(product: Product) -> str:
    """Run the program; answers what it says."""
    settings = {f"HELPDESK_{name.upper()}_URL": product.url for name in SERVICES}
    settings["HELPDESK_SYSTEM_KEY"] = SYSTEM_KEY
    settings |= {f"HELPDESK_FIRST_ADMINISTRATOR_{name.upper()}": value for name, value in ADMINISTRATOR.items()}
    command = [sys.executable, "-m", "deploy.demo"]
    demo = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **settings}, cwd=ROOT, stdout=PIPE, stderr=STDOUT
    )
    said = (await demo.communicate())[0].decode()
    assert demo.returncode == 0, said
    return said


async def listed(caller: Somebody, path: str, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next_cursor": ""}
    while page["next_cursor"] is not None:
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}
        answer = await caller.get(f"/api/{path}", limit=200, **query, **cursor)
        page = answer.raise_for_status().json()
        items += page["items"]
    return items


async def settled_tickets(caller: Somebody) -> list[dict[str, Any]]:
    """All tickets, once all has been judged that came before a note which we leave on one of them."""
    some = (await listed(caller, "query/tickets"))[0]
    noted = await caller.post(f"/api/intake/tickets/{some['id']}/notes", text="Seen")
    seen = {"after": noted.headers["Consistency-Token"], "settled": "true"}
    async with asyncio.timeout(60):
        while (await caller.get("/api/query/tickets", **seen)).headers["Consistency-Reached"] == "false":
            pass
    return await listed(caller, "query/tickets", state="all", sort="id")


def lasting(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in PASSING} for row in rows]


@pytest.mark.timeout(600)
async def test_it_fills_the_helpdesk_once_however_often_it_is_loaded(product: Product) -> None:
    said = await load_demo_data(product)
    assert f"tickets {TICKETS}/{TICKETS}" in said
    admin = await product.administrator()
    tickets = await settled_tickets(admin)
    for path, count in LISTS.items():
        assert len(await listed(admin, path)) == count, path
    _assert_varied(tickets)

    again = await load_demo_data(product)
    assert "API key" not in again
    for path, count in LISTS.items():
        assert len(await listed(admin, path)) == count, path
    assert lasting(await settled_tickets(admin)) == lasting(tickets)


def _assert_varied(tickets: list[dict[str, Any]]) -> None:
    assert len(tickets) == TICKETS
    assert set(Counter(row["state"] for row in tickets)) == {"active", "closed"}
    assert {row["urgency"] for row in tickets} == {"high", "medium", "low"}
    assert {row["channel"] for row in tickets} == {"panel", "api"}
    assert {row["department"]["name"] for row in tickets} == {department.name for department in DEPARTMENTS}
    for kind in ("waiting_since", "unread", "responsible", "deadline_at"):
        assert 0 < sum(bool(row[kind]) for row in tickets) < TICKETS, kind
