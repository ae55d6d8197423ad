"""Every operation of every service is sent what its document allows and what it forbids, by every kind of caller."""

import os
from collections.abc import Iterable, Iterator
from uuid import UUID

import pytest

from tests.acceptance.access.cast import Place, Verdict
from tests.acceptance.access.table import Row, rows
from tests.acceptance.conftest import SERVICES
from tests.acceptance.fuzz.callers import Caller, callers
from tests.acceptance.fuzz.campaign import Depth, Outcome, campaign
from tests.acceptance.fuzz.conftest import Ground
from tests.acceptance.fuzz.narrowed import UNREACHED
from tests.acceptance.fuzz.ndjson import with_lines
from tests.acceptance.fuzz.realism import realism

EXAMPLES = int(os.environ.get("HELPDESK_FUZZ_EXAMPLES", "0"))
MINUTES = float(os.environ.get("HELPDESK_FUZZ_MINUTES", "0"))
SEED = int(os.environ.get("HELPDESK_FUZZ_SEED", "7"))
IS_DEEP = bool(EXAMPLES or MINUTES)
SOME, FEW = 4, 1
"""Examples of an operation that lets the caller in, and of one that does not."""
_A_DAY = 24 * 3600
_SHUT = {Verdict.UNKNOWN, Verdict.FORBIDDEN}


@pytest.mark.timeout(_A_DAY if IS_DEEP else 600)
@pytest.mark.parametrize("service", SERVICES)
async def test_nothing_breaks_and_nothing_leaks(ground: Ground, service: str) -> None:
    product, department = ground.world.product, ground.world.things.departments.a
    document = with_lines((await product.http.get(f"/api/{service}/openapi.json")).json())
    routes = [row for row in rows() if row.service == service]
    outcome = Outcome()
    everybody = await callers(ground.world, ground.marked, everybody=IS_DEEP)
    for caller in everybody:
        for depth in _deep(len(everybody)) if IS_DEEP else _shallow(caller, routes, department):
            outcome += await campaign(document, product.url, caller, depth, realism(ground.marked))
    print(f"{service}: {outcome.requests} requests, seed {SEED}")  # noqa: T201
    assert not outcome.wrong, outcome.report()
    assert outcome.without_success() <= UNREACHED.keys()


def _deep(callers: int) -> Iterable[Depth]:
    """All operations, for as long as there is time, or with as many examples."""
    seconds = round(MINUTES * 60 / len(SERVICES) / callers) or None
    return [Depth(EXAMPLES or 100, seconds=seconds, seed=SEED)]


def _shallow(caller: Caller, routes: Iterable[Row], department: UUID) -> Iterator[Depth]:
    """All boundaries of what is the caller's to try thoroughly, and less the less there is to see for them."""
    thorough, some, few = set(), set(), set()
    for row in routes:
        if _expert(row) == caller.name:
            thorough.add(row.name)
        elif row.clients == "anybody" or caller.actor.expects(row, Place.DEPARTMENT, department) not in _SHUT:
            some.add(row.name)
        else:
            few.add(row.name)
    if thorough:
        yield Depth(SOME, operations=thorough, seed=SEED)
    for examples, operations in ((SOME, some), (FEW, few)):
        if operations:
            yield Depth(examples, phases=("fuzzing",), operations=operations, seed=SEED)


def _expert(row: Row) -> str:
    """Who tries an operation thoroughly: somebody who is let in."""
    if row.administrators:
        return "owner of B"
    if row.clients:
        return "nobody at all" if row.clients == "anybody" else "a client"
    return "a system with every scope"
