"""Whatever anybody does, in whatever order, the product does what a small model of it does, and shows everybody the same."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

import asyncpg
import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, reproduce_failure, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.acceptance.stories.founding import founded_stage
from tests.acceptance.stories.look import eventually
from tests.acceptance.stories.machine import Run, Stories
from tests.acceptance.stories.model import shown
from tests.acceptance.stories.model.ticket import BLOCK_LASTS, CLOSES_AFTER, WARNED_BEFORE, Ticket
from tests.acceptance.stories.stage import Stage
from tests.acceptance.stories.story import Story
from tests.infrastructure.databases import connected
from tests.infrastructure.read_model import dump, rebuild
from tests.infrastructure.servers import PostgresServer

WANTED = (
    *("answered", "noted", "replied", "rated", "edited", "assigned", "transferred", "routed", "reopened", "deleted"),
    *("unblocked", "auto_close_warned", "deadline missed", "sent again", "409 block-lost", "409 ticket-blocked"),
    *("409 ticket-closed", "412", "422", "428", "401", "403 forbidden", "404 ticket-not-found"),
)
"""What has to have happened in the stories of a run, or it shows little."""
ENOUGH = 50
"""Stories in which all of that happens."""
EXAMPLES = int(os.environ.get("HELPDESK_STORIES_EXAMPLES", "12"))
SEED = int(os.environ.get("HELPDESK_STORIES_SEED", "7"))
STEPS = 30
SHRINKS = bool(os.environ.get("HELPDESK_STORIES_SHRINK"))
STORY = os.environ.get("HELPDESK_STORIES_STORY")
"""One that failed, as Hypothesis wrote it down: only this is told."""
SETTINGS = {
    "block_seconds": BLOCK_LASTS.total_seconds(),
    "auto_close_seconds": CLOSES_AFTER.total_seconds(),
    "auto_close_warning_seconds": WARNED_BEFORE.total_seconds(),
    "auto_close_warning_text": "Closes on {closes_on}.",
    "access_token_seconds": 86400,
    "act_as_seconds": 28800,
    "signing_key_days": 0,
    "consistency_seconds": 10,
}


@pytest.fixture
async def stage(services_dsn: str, nats_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with founded_stage(services_dsn, nats_url, tmp_path / "attachments", **SETTINGS) as stage:
        yield stage


@pytest.mark.timeout(600 + EXAMPLES * 30)
async def test_every_story_goes_as_the_model_says(stage: Stage, postgres_server: PostgresServer) -> None:
    run = Run(stage, asyncio.get_running_loop())
    stories = seed(SEED)(type("Stories", (Stories,), {"run": run}))
    if STORY:
        stories = reproduce_failure(hypothesis.__version__, STORY.encode())(stories)
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if SHRINKS else (Phase.generate,),
        print_blob=True,
    )
    await asyncio.to_thread(run_state_machine_as_test, stories, settings=chosen)
    assert run.last is not None
    await _told_of_deadlines(run.last, run.tickets)
    async with connected(postgres_server.dsn("helpdesk_query")) as database:
        live = await _read_model(database)
        await rebuild(database, await stage.product.administrator())
        assert await _read_model(database) == live
    await run.last.look_at_everything()
    seen = _seen(run)
    print(f"{EXAMPLES} stories of seed {SEED}: {dict(seen.most_common())}")  # noqa: T201
    missing = [what for what in WANTED if not seen[what]]
    assert EXAMPLES < ENOUGH or not missing, seen


async def _told_of_deadlines(last: Story, tickets: Sequence[Ticket]) -> None:
    """Warnings and breaches are told once nothing can prevent them any more, a moment after their instants."""
    last.lasted = 0
    last.time_passes(60)
    await last.notice()
    for ticket in tickets:
        if ticket.is_there:
            await eventually(partial(last.looking.deadlines, ticket))


async def _read_model(database: asyncpg.Connection) -> dict[str, str]:
    """All of it but for where lists by remaining time look, which may be more than there is to find."""
    return {table: rows for table, rows in (await dump(database)).items() if table != "clocks"}


def _seen(run: Run) -> Counter[str]:
    """How often there was what stories are about."""
    told = Counter(entry.type.split(".")[1] for ticket in run.tickets for entry in ticket.history)
    late = sum(len(shown.breaches(ticket, run.stage.clock.now())) for ticket in run.tickets)
    gone = sum(not ticket.is_there for ticket in run.tickets)
    return run.seen + told + Counter({"deadline missed": late, "deleted": gone})
