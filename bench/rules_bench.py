"""Rules: evaluations a second in the domain alone, and a dry run over many tickets on a real PostgreSQL.

Run as `python -m bench.rules_bench [tickets] [--rules 200]`. So many submission rules, of which none stops the next, and as
many weight rules: conditions of all kinds, two in ten of them with a pattern or a phrase. The dry run judges each ticket
twice, by the rules there are and by those tried, and reads what was written in it.
"""

import argparse
import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg

from bench.projector_bench import server_folder
from bench.ticket_stories import START, Stories
from deploy.local.postgres import EmbeddedPostgres
from libs.events import log, projection
from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Channel, Urgency
from libs.events.catalogue.routing import CategoryFacts, DepartmentFacts, SubmissionRuleFacts, WeightRuleFacts
from libs.events.projection import LIVE
from libs.events.rebuild import PAGE
from libs.service.app import tune_gc
from libs.service.database import create_pool, migrate
from libs.service.rights import Role, Staff
from services.routing import app
from services.routing.consumers import Facts
from services.routing.domain.circumstances import Circumstances
from services.routing.domain.organisation import Organisation
from services.routing.domain.submission import route
from services.routing.domain.weights import weigh
from services.routing.judge import case_of
from services.routing.store import cases, hours
from services.routing.trying import Trial, try_on_tickets

ROUNDS = 5
SAMPLE = 500


def condition(stories: Stories, chance: random.Random) -> dict[str, Any]:
    """One of ten kinds, and with it, as rules have it, another one."""
    return {"kind": "all", "of": [leaf(stories, chance), {"kind": "not", "of": leaf(stories, chance)}]}


def leaf(stories: Stories, chance: random.Random) -> dict[str, Any]:
    word = f"word{chance.randrange(1000)}"
    return chance.choice(
        [
            {"kind": "category", "ids": [str(chance.choice(stories.category_ids))]},
            {"kind": "account", "ids": [str(one) for one in chance.sample(stories.account_ids, 10)]},
            {"kind": "group", "ids": [str(chance.choice(stories.group_ids))]},
            {"kind": "attitude", "values": [chance.choice(list(Attitude))]},
            {"kind": "urgency", "values": [chance.choice(list(Urgency))]},
            {"kind": "channel", "values": [chance.choice(list(Channel))]},
            {"kind": "services", "at_least": chance.randrange(9), "product_types": ["vps"]},
            {"kind": "working_hours", "department_id": str(chance.choice(stories.department_ids))},
            {"kind": "subject", "contains": [word, "nothing"]},
            {"kind": "text", "matches": rf"(?i)\b{word}\b"},
        ]
    )


def rule_set(stories: Stories, count: int, seed: int) -> tuple[dict[UUID, Any], dict[UUID, Any]]:
    """Submission rules and weight rules."""
    chance = random.Random(seed)
    submission: dict[UUID, Any] = {}
    weights: dict[UUID, Any] = {}
    for at in range(count):
        then = {"department_id": str(chance.choice(stories.department_ids)), "tags": [f"t{at % 20}"]}
        facts = {"name": f"rule {at}", "conditions": condition(stories, chance), "then": then, "stop": False}
        submission[UUID(int=at)] = SubmissionRuleFacts.model_validate({**facts, "order": at})
        facts = {"name": f"rule {at}", "conditions": condition(stories, chance), "points": chance.randrange(-20, 20)}
        weights[UUID(int=at)] = WeightRuleFacts.model_validate(facts)
    return submission, weights


async def fold(pool: asyncpg.Pool, stories: Stories) -> None:
    facts, logs = Facts(), stories.logs()
    async with pool.acquire() as connection, connection.transaction():
        await projection.create(connection, LIVE, facts, 1)
    for source in facts.sources:
        for start in range(0, len(logs[source]), PAGE):
            async with pool.acquire() as connection, connection.transaction():
                await projection.enter(connection, LIVE)
                await facts.fold(connection, logs[source][start : start + PAGE])
    await pool.execute("analyze")


async def organisation(pool: asyncpg.Pool, stories: Stories) -> Organisation:
    async with pool.acquire() as connection:
        known = await hours.all_hours(connection)
    departments = {one: DepartmentFacts(name="D", member_ids=stories.staff_ids) for one in stories.department_ids}
    default = stories.department_ids[0]
    categories = {one: CategoryFacts(name="C", default_department_id=default) for one in stories.category_ids}
    return Organisation(departments, categories, hours=known)


def rate(work: Callable[[Circumstances], object], asked: Sequence[Circumstances], evaluations: int) -> float:
    """Evaluations a second, each of one rule on one ticket."""
    rounds = []
    for _ in range(ROUNDS):
        began = perf_counter()
        for one in asked:
            work(one)
        rounds.append(len(asked) * evaluations / (perf_counter() - began))
    return median(rounds)


async def domain_report(pool: asyncpg.Pool, present: Organisation, now: datetime, rules: int) -> None:
    known = await cases.tickets_since(pool, START, now, UUID(int=0), SAMPLE, with_words=True)
    asked = [case_of(one, present, now).asked for one in known]
    submission, weights = present.submission_rules, present.weight_rules_at(now)
    routing = rate(lambda one: route(submission, one, present.enabled_departments), asked, rules)
    weighing = rate(lambda one: weigh(weights, one), asked, rules)
    print(f"{rules} rules on {len(asked)} tickets, evaluations/s: submission {routing:,.0f}, weight {weighing:,.0f}")


async def dry_run_report(pool: asyncpg.Pool, trial: Trial) -> None:
    staff = Staff(UUID(int=1), Role.OWNER)
    began = perf_counter()
    async for _, found in try_on_tickets(pool, trial, START - timedelta(days=1), staff):
        comparison = found
    seconds = perf_counter() - began
    print(
        f"dry run: {comparison.tickets:,} tickets in {seconds:.1f} s, {comparison.tickets / seconds:,.0f}/s;"
        f" {comparison.elsewhere:,} would go elsewhere"
    )


async def measure(dsn: str, tickets: int, rules: int) -> None:
    stories = Stories(tickets=tickets, customers=tickets // 100 + 10, teams=50, days=30)
    now = START + timedelta(days=365)
    connection = await asyncpg.connect(dsn)
    await migrate(connection, log.MIGRATIONS, projection.MIGRATIONS, app.MIGRATIONS)
    await connection.close()
    async with await create_pool(dsn, application_name="bench") as pool:
        await fold(pool, stories)
        tune_gc()  # as a server does
        there = await organisation(pool, stories)
        present, tried = (there.trying(*rule_set(stories, rules, seed)) for seed in (1, 2))
        await domain_report(pool, present, now, rules)
        await dry_run_report(pool, Trial(present, tried, now))


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("tickets", nargs="?", type=int, default=100_000)
    parser.add_argument("--rules", type=int, default=200)
    options = parser.parse_args()
    with server_folder() as folder:
        server = EmbeddedPostgres(folder / "postgres")
        await server.start()
        try:
            await server.create_database("bench")
            await measure(server.dsn("bench"), options.tickets, options.rules)
        finally:
            await server.stop()


if __name__ == "__main__":
    asyncio.run(main())
