"""The demo data: all that its script tells is in the helpdesk, once, however often it is loaded or cut short."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deploy.demo import monitoring
from deploy.demo.__main__ import TICKETS, planned_world
from deploy.demo.customers import Customer
from deploy.demo.provider import (
    ADMINISTRATORS,
    CATEGORIES,
    DEPARTMENTS,
    GATEWAYS,
    PROJECTS,
    SUBMISSION_RULES,
    WEIGHT_RULES,
    administrator,
    department,
)
from deploy.demo.stories import SYSTEM, Story
from tests.acceptance.demo.loading import load, load_half
from tests.acceptance.demo.planned import Planned, planned
from tests.acceptance.demo.seen import details, each, settled_tickets, told
from tests.infrastructure.product import Product, Somebody, listed, running_product

CUSTOMERS, STORIES = planned_world()
TOLD = [planned(story) for story in STORIES]
LEFT = [ticket for ticket in TOLD if not ticket.is_deleted]
LISTS = {
    "accounts/administrators": 1 + len(ADMINISTRATORS),
    "accounts/accounts": len(CUSTOMERS),
    "accounts/users": sum(len(customer.users) for customer in CUSTOMERS),
    "accounts/projects": len(PROJECTS),
    "routing/departments": len(DEPARTMENTS),
    "routing/categories": len(CATEGORIES),
    "routing/submission-rules": len(SUBMISSION_RULES),
    "routing/weight-rules": len(WEIGHT_RULES),
    "intake/gateways": len(GATEWAYS),
}
# What changes by itself, by the clock: a block ends when its time is up.
PASSING = {"weight", "delay_seconds", "remaining_seconds", "overdue", "block"}
# What a rule tags tickets with by when they come.
BY_THE_HOUR = "out-of-hours"
# A second run blocks again what the first one's end left blocked for too long.
BLOCKING = {"ticket.blocked.v1", "ticket.unblocked.v1"}
_AN_HOUR = 3600


@pytest.fixture
async def product(services_dsn: str, nats_url: str, tmp_path: Path) -> AsyncIterator[Product]:
    """On a machine that has more to do, loading may take longer than a block lasts."""
    async with running_product(services_dsn, nats_url, tmp_path / "files", block_seconds=_AN_HOUR) as product:
        yield product


@pytest.mark.timeout(1200)
async def test_all_is_there_once_however_often_it_is_loaded_and_whatever_cuts_it_short(product: Product) -> None:
    admin = await product.administrator()
    await load_half(product, admin, tickets=TICKETS // 3)
    said = await load(product)
    assert f"tickets {TICKETS}/{TICKETS}" in said
    rows = await settled_tickets(admin)
    assert sum(row["block"] is not None for row in rows) == _last_steps("block", "draft")
    await _assert_people(admin)
    _assert_tickets(rows)
    events = await told(product, admin, "intake")
    _assert_told(events, notes_of_ours=1)
    _assert_messages(await details(admin, rows))
    password = said.partition("with the password ")[2].split()[0]
    await _assert_clients_see(product, password)
    await _assert_drafts(product, password, rows)
    await _assert_both_are_named(admin, rows)

    again = await load(product)
    assert "API key" not in again
    await _assert_people(admin)
    assert _lasting(await settled_tickets(admin)) == _lasting(rows)
    _assert_told(await told(product, admin, "intake"), notes_of_ours=2)
    await _assert_alarms_are_overdue(admin)


# --- people ---------------------------------------------------------------------------------------


async def _assert_people(admin: Somebody) -> None:
    for path, count in LISTS.items():
        assert len(await listed(admin, path)) == count, path
    staff = {one["email"]: one for one in await listed(admin, "accounts/administrators")}
    for one in ADMINISTRATORS:
        shown = staff[one.email]
        assert (shown["role"], shown["rights"], shown["enabled"]) == (one.role, list(one.rights), one.enabled)
    heads = {row["name"]: row["head_id"] for row in await listed(admin, "routing/departments")}
    assert heads == {one.name: staff[one.head.email]["id"] for one in DEPARTMENTS}
    accounts = {row["name"]: row for row in await listed(admin, "accounts/accounts")}
    for customer in CUSTOMERS:
        _assert_account(accounts[customer.name], customer)
    users = {row["email"]: row["enabled"] for row in await listed(admin, "accounts/users")}
    assert users == {user.email: user.enabled for customer in CUSTOMERS for user in customer.users}
    assert not all(users.values())
    names = [key["name"] for key in await listed(admin, "accounts/api-keys")]
    assert names.count(monitoring.NAME) == 2  # the one of the run that was cut short is known to nobody


def _assert_account(shown: dict[str, Any], customer: Customer) -> None:
    expenses = sum((Decimal(service["price"]) for service in customer.services), Decimal(0))
    assert Decimal(shown["expenses"]) == expenses
    assert Decimal(shown["balance"]) == Decimal(customer.facts["balance"])
    for name in ("attitude", "registered_on", "comment", "enabled"):
        assert shown[name] == customer.facts[name], name


# --- tickets --------------------------------------------------------------------------------------


def _assert_tickets(rows: list[dict[str, Any]]) -> None:
    """Each kind that can be seen in the list is there as often as the script has it."""
    assert len(rows) == len(LEFT) < TICKETS
    assert Counter(row["subject"] for row in rows) == Counter(ticket.subject for ticket in LEFT)
    assert Counter(row["department"]["name"] for row in rows) == Counter(ticket.department for ticket in LEFT)
    assert Counter(row["channel"] for row in rows) == Counter(_channel(ticket.story) for ticket in LEFT)
    assert Counter(row["state"] == "closed" for row in rows) == Counter(ticket.is_closed for ticket in LEFT)
    assert Counter(row["waiting_since"] is not None for row in rows) == Counter(ticket.is_waiting for ticket in LEFT)
    assert Counter(row["unread"] for row in rows) == Counter(ticket.is_unread for ticket in LEFT)
    tags = Counter(tuple(tag for tag in row["tags"] if tag != BY_THE_HOUR) for row in rows)
    assert tags == Counter(tuple(ticket.tags) for ticket in LEFT)
    assert {row["urgency"] for row in rows} == {"high", "medium", "low"}
    assert 0 < sum(row["responsible"] is not None for row in rows) < len(rows)
    assert any(row["deadline_at"] for row in rows)
    in_turn = Counter(row["responsible"]["name"] for row in rows if row["channel"] == "api")
    assert in_turn.keys() == set(department("Watch").members)
    assert max(in_turn.values()) - min(in_turn.values()) <= 1


def _channel(story: Story) -> str:
    return "api" if story.by == SYSTEM else "panel"


def _assert_told(events: Counter[str], notes_of_ours: int) -> None:
    """Everything that was done is in the log as often as the script has it, and nothing else is."""
    expected = sum((ticket.events for ticket in TOLD), Counter({"ticket.noted.v1": notes_of_ours}))
    assert set(expected) - BLOCKING >= {f"ticket.{kind}.v1" for kind in ("transferred", "assigned", "edited", "rated")}
    assert {kind: count for kind, count in events.items() if kind not in BLOCKING} == {
        kind: count for kind, count in expected.items() if kind not in BLOCKING
    }


def _assert_messages(tickets: list[dict[str, Any]]) -> None:
    messages = [message for ticket in tickets for message in ticket["messages"]]
    files = Counter(file["name"] for message in messages for file in message["attachments"])
    assert files == Counter(paper.name for ticket in LEFT for paper in ticket.story.files)
    types = {file["content_type"] for message in messages for file in message["attachments"]}
    assert {"text/plain", "image/png"} < types
    assert any("<li>" in message["html"] for message in messages)
    assert any("<code>" in message["html"] for message in messages)
    stars = Counter(message["rating"]["rating"] for message in messages if message["rating"])
    assert stars == Counter(step.what["rating"] for story in STORIES for step in story.steps if step.kind == "rate")


def _last_steps(*kinds: str) -> int:
    return sum(story.steps[-1].kind in kinds for story in STORIES if story.steps)


# --- what single people see -----------------------------------------------------------------------


async def _assert_clients_see(product: Product, password: str) -> None:
    """Each account has unread answers as the script leaves them, and may choose from what is open to it."""

    async def unread_answers(customer: Customer) -> int:
        client = await product.sign_in(customer.writers[0].email, password)
        chosen = (await client.get("/api/intake/categories")).json()["items"]
        assert [each["name"] for each in chosen] == [one.name for one in CATEGORIES if customer.may_choose(one)]
        return sum(row["unread_answers"] for row in await listed(client, "query/my/tickets", state="all"))

    assert sum(await each(unread_answers, [one for one in CUSTOMERS if one.writers])) == sum(
        ticket.unread_answers for ticket in LEFT
    )


async def _assert_drafts(product: Product, password: str, rows: list[dict[str, Any]]) -> None:
    async def is_kept(ticket: Planned) -> bool:
        step = next(step for step in ticket.story.steps if step.kind == "draft")
        author = await product.sign_in(step.by, password)
        alike = [row for row in rows if row["subject"] == ticket.subject]
        drafts = [await author.get(f"/api/intake/tickets/{row['id']}/draft") for row in alike]
        return step.text in {draft.json().get("text") for draft in drafts}

    drafted = [ticket for ticket in LEFT if any(step.kind == "draft" for step in ticket.story.steps)]
    assert drafted
    assert all(await each(is_kept, drafted))


async def _assert_both_are_named(admin: Somebody, rows: list[dict[str, Any]]) -> None:
    """The history of what an administrator wrote as a client tells of both."""
    for story in (story for story in STORIES if story.acting):
        (row,) = (row for row in rows if row["subject"] == story.subject)
        history = (await admin.get(f"/api/query/tickets/{row['id']}/history")).json()
        actor, client = (history["items"][0][who].removeprefix("user:") for who in ("actor", "on_behalf_of"))
        assert [history["names"][one] for one in (actor, client)] == ["Hannah Fischer", story.user.name]
        assert administrator("Hannah Fischer").email == story.acting


async def _assert_alarms_are_overdue(admin: Somebody) -> None:
    """A minute after the last of them, those that nobody has closed."""
    late = [ticket for ticket in LEFT if ticket.is_waiting and ticket.department == "Watch"]
    rows = await listed(admin, "query/tickets", overdue="true")
    async with asyncio.timeout(120):
        while len(rows) < len(late):
            await asyncio.sleep(1)
            rows = await listed(admin, "query/tickets", overdue="true")
    assert len(rows) == len(late)
    assert {row["department"]["name"] for row in rows} == {"Watch"}


def _lasting(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in PASSING} for row in rows]
