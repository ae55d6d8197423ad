"""Every operation of every service is sent what its document allows and what it forbids, by every kind of caller."""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest

from tests.acceptance.access.table import Row, rows
from tests.acceptance.conftest import SERVICES
from tests.acceptance.fuzz.callers import EVERYTHING, NOBODY, Caller, callers
from tests.acceptance.fuzz.campaign import UNBOUND_PHASES, Depth, Outcome, campaign
from tests.acceptance.fuzz.conftest import Ground
from tests.acceptance.fuzz.documents import document_of, endless
from tests.acceptance.fuzz.marked import mark_tickets
from tests.acceptance.fuzz.moved import forgive_what_moved
from tests.acceptance.fuzz.narrowed import UNREACHED
from tests.acceptance.fuzz.realism import realism

EXAMPLES = int(os.environ.get("HELPDESK_FUZZ_EXAMPLES", "0"))
MINUTES = float(os.environ.get("HELPDESK_FUZZ_MINUTES", "0"))
SEED = int(os.environ.get("HELPDESK_FUZZ_SEED", "7"))
IS_DEEP = bool(EXAMPLES or MINUTES)
MORE, SOME, FEW = 20, 4, 1
"""Examples of an operation whose boundaries have no end, of one that lets the caller in, and of one that does not."""
AGAIN = 3
"""Times that what has succeeded for nobody is tried on other tickets: chance, or what was done to these, may be why."""
_A_DAY = 24 * 3600


@pytest.mark.timeout(_A_DAY if IS_DEEP else 600)
@pytest.mark.parametrize("service", SERVICES)
async def test_nothing_breaks_and_nothing_leaks(ground: Ground, service: str) -> None:
    product = ground.world.product
    document = await document_of(product, service)
    routes = [row for row in rows() if row.service == service]
    without_end = endless(document)
    outcome = Outcome()
    everybody = await callers(ground.world, ground.marked, everybody=IS_DEEP)

    async def go(caller: Caller, depth: Depth) -> None:
        nonlocal outcome
        since = datetime.now(UTC)
        found = await campaign(document, product.url, caller, depth, realism(ground.marked))
        await forgive_what_moved(found, caller, ground.world, ground.marked, since)
        outcome += found

    for caller in everybody:
        for depth in _deep(routes, without_end, len(everybody)) if IS_DEEP else _shallow(caller, routes, without_end):
            await go(caller, depth)
    for seed in range(SEED + 1, SEED + 1 + AGAIN):
        if not (missing := outcome.without_success() - UNREACHED.keys()):
            break
        await mark_tickets(ground.world, ground.marked)
        for caller in everybody:
            theirs = {row.name for row in routes if row.name in missing and _expert(row) == caller.name}
            await go(caller, Depth(MORE, ("fuzzing",), theirs, seed=seed))
    print(f"{service}: {outcome.requests} requests, seed {SEED}")  # noqa: T201
    assert not outcome.wrong, outcome.report()
    assert outcome.without_success() <= UNREACHED.keys()


def _deep(routes: Iterable[Row], without_end: set[str], callers: int) -> Iterator[Depth]:
    """All operations, for as long as there is time, or with as many examples."""
    if MINUTES:
        seconds = round(MINUTES * 60 / len(SERVICES) / callers)
        yield Depth(100, seconds=seconds, seed=SEED)
    else:
        yield Depth(EXAMPLES, operations={row.name for row in routes} - without_end, seed=SEED)
        yield Depth(EXAMPLES, UNBOUND_PHASES, without_end, seed=SEED)


def _shallow(caller: Caller, routes: Iterable[Row], without_end: set[str]) -> Iterator[Depth]:
    """All boundaries of what is the caller's to try thoroughly, and less the less there is to see for them."""
    thorough, some, few = set(), set(), set()
    for row in routes:
        if _expert(row) == caller.name:
            thorough.add(row.name)
        elif row.clients == "anybody" or caller.sees(row):
            some.add(row.name)
        else:
            few.add(row.name)
    yield Depth(SOME, operations=thorough - without_end, seed=SEED)
    yield Depth(MORE, UNBOUND_PHASES, thorough & without_end, seed=SEED)
    yield Depth(SOME, ("fuzzing",), some, seed=SEED)
    yield Depth(FEW, ("fuzzing",), few, seed=SEED)


def _expert(row: Row) -> str:
    """Who tries an operation thoroughly: somebody who is let in."""
    if row.administrators:
        return "owner of B"
    if row.clients:
        return NOBODY if row.clients == "anybody" else "a client"
    return EVERYTHING
