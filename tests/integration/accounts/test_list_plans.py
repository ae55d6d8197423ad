"""Lists come off indexes: a page costs what it shows, however many accounts there are."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.accounts.store.entities import PageEnd, page_statement
from tests.integration.accounts.accounts_world import World

ACCOUNTS, PAGE = 20_000, 51
MOST = 10 * PAGE
GROUPS = 20

_FILL = """
insert into entities (id, kind, version, state)
select md5('account' || n)::uuid, 'account', 1, json_build_object(
           'name', 'Customer ' || md5(n::text), 'external_id', n::text, 'enabled', n % 50 > 0,
           'attitude', case when n % 100 = 0 then 'bad' when n % 3 = 0 then 'good' else 'neutral' end,
           'group_id', md5('group' || n % $2)::uuid, 'project_id', md5('project' || n % 3)::uuid)
  from generate_series(1, $1::integer) n
union all
select md5('user' || n)::uuid, 'user', 1, json_build_object(
           'name', 'Jane ' || md5(n::text), 'email', n || '@example.com', 'external_id', n::text, 'enabled', n % 50 > 0,
           'account_id', md5('account' || n % 5000)::uuid)
  from generate_series(1, $1::integer) n
"""
_CALL = """
insert into external_ids (kind, external_id, entity)
select kind, state->>'external_id', id from entities where kind in ('account', 'user')
"""


async def fill(pool: asyncpg.Pool, accounts: int = ACCOUNTS) -> None:
    """Accounts in groups and projects, few of them bad or disabled, and as many users."""
    await pool.execute(_FILL, accounts, GROUPS)
    await pool.execute(_CALL)
    await pool.execute("vacuum analyze")


async def id_of(pool: asyncpg.Pool, text: str) -> str:
    found: UUID = await pool.fetchval("select md5($1)::uuid", text)
    return str(found)


@pytest.fixture
async def full(world: World) -> World:
    await fill(world.pool)
    return world


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


async def looked_at(pool: asyncpg.Pool, kind: str, filters: dict[str, str], after: PageEnd | None) -> int:
    """How many rows a page's scans have come by; AssertionError when one of them was of the whole table."""
    statement, arguments = page_statement(kind, filters, after, PAGE)
    answer = await pool.fetchval(f"explain (analyze, format json) {statement}", *arguments)
    found = list(nodes(json.loads(answer)[0]["Plan"]))
    assert not [node for node in found if node["Node Type"] == "Seq Scan"], statement
    scans = [node for node in found if "Scan" in node["Node Type"]]
    return sum(int(node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) for node in scans)


async def test_a_page_of_any_list_looks_at_few_rows(full: World, subtests: pytest.Subtests) -> None:
    group, project = await id_of(full.pool, "group1"), await id_of(full.pool, "project1")
    account = await id_of(full.pool, "account7")
    lists: list[tuple[str, dict[str, str]]] = [
        ("account", {}),
        ("account", {"attitude": "bad"}),
        ("account", {"attitude": "neutral"}),
        ("account", {"group_id": group}),
        ("account", {"project_id": project}),
        ("account", {"enabled": "false"}),
        ("account", {"enabled": "true"}),
        ("account", {"external_id": "77"}),
        ("account", {"name": "0077"}),
        ("account", {"name": "customer"}),
        ("account", {"short_part": "zz"}),
        ("account", {"short_part": "00"}),
        ("account", {"short_part": "c"}),
        ("account", {"group_id": group, "enabled": "true"}),
        ("account", {"project_id": project, "attitude": "neutral"}),
        ("user", {}),
        ("user", {"account_id": account}),
        ("user", {"enabled": "false"}),
        ("user", {"external_id": "77"}),
        ("user", {"name": "0077"}),
    ]
    for kind, filters in lists:
        for after in (None, ("customer 8", UUID(int=0))):
            with subtests.test(kind=kind, filters=filters, after=after):
                assert await looked_at(full.pool, kind, filters, after) <= MOST


async def test_an_account_with_few_events_tells_its_history_of_an_index(full: World) -> None:
    account = await full.made("accounts", name="Acme")
    await full.user(account_id=account["id"])
    (plan,) = json.loads(
        await full.pool.fetchval(
            "explain (analyze, format json) select id from entities"
            " where kind in ('user', 'act_as') and state->>'account_id' = $1",
            account["id"],
        )
    )
    assert not [node for node in nodes(plan["Plan"]) if node["Node Type"] == "Seq Scan"]
