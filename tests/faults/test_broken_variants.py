"""The simulator bites: each protection, taken away, is missed by a plan that the whole product passes."""

from typing import Any

import pytest

from tests.faults.plan import Plan, Step
from tests.faults.runs import run


def _point(role: str, pattern: str, nth: int, do: str, then: str = "nothing", seconds: float = 0) -> dict[str, Any]:
    return {"role": role, "pattern": pattern, "nth": nth, "when": "before", "do": do, "then": then, "seconds": seconds}


PLANS = {
    "tail_without_fence": Plan(
        1,
        seconds=3,
        steps=tuple(Step(0.3 + 0.3 * i, "slow_append", {"seconds": 0.7, "ending": "commit"}) for i in range(4)),
    ),
    # The relay stops with a window in its hands and loses the lead; it goes on when its messages' ids are forgotten.
    "relay_without_chain": Plan(
        1,
        replicas=2,
        seconds=3,
        duplicate_window=1,
        steps=(
            Step(0.7, "point", _point("scribe", "helpdesk.intake.", 30, "stop", "kill_postgres", 4)),
            Step(1.0, "burst", {"events": 200}),
        ),
    ),
    "checkpoint_outside_transaction": Plan(
        1,
        seconds=3,
        steps=(Step(1.0, "point", _point("mirror", "update checkpoints", 3, "kill")),),
    ),
    "without_epoch": Plan(
        1, seconds=3, patience=20, steps=(Step(0.5, "restore", {"role": "scribe", "ago": 1, "announced": False}),)
    ),
    # The mirror comes back to a stream with holes while the feed that would fill them is away.
    "without_predecessor": Plan(
        1,
        seconds=3,
        steps=(
            Step(0.5, "down", {"role": "mirror", "seconds": 2}),
            Step(1.8, "delete_messages", {"role": "scribe", "share": 0.3}),
            Step(2.2, "down", {"role": "scribe", "seconds": 7}),
        ),
    ),
}

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]


@pytest.mark.parametrize("variant", PLANS)
async def test_a_broken_variant_is_caught(variant: str) -> None:
    assert not (await run(PLANS[variant], broken=variant)).ok


@pytest.mark.parametrize("variant", PLANS)
async def test_the_same_trouble_does_no_harm_to_the_product(variant: str) -> None:
    outcome = await run(PLANS[variant])
    assert outcome.ok, outcome.report
