"""Run the simulator: `python -m tests.faults` with fresh seeds for an hour, or one seed or plan again.

    python -m tests.faults --seconds 600
    python -m tests.faults --seed 4711
    python -m tests.faults --plan '{"seed": …}' [--broken tail_without_fence] [--times 5]
"""

import argparse
import asyncio
import sys
from random import SystemRandom
from time import monotonic

from tests.faults.plan import Plan, draw_plan
from tests.faults.runs import run


def main() -> int:
    options = _options()
    if options.plan or options.seed is not None:
        plan = Plan.load(options.plan) if options.plan else draw_plan(options.seed)
        failures = sum(not _holds(plan, options.broken) for _ in range(options.times))
    else:
        failures = _hunt(options.seconds, options.broken)
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--seconds", type=float, default=3600, help="how long to draw fresh seeds")
    parser.add_argument("--seed", type=int, help="run this seed again")
    parser.add_argument("--plan", help="run this plan, as it was printed")
    parser.add_argument("--times", type=int, default=1, help="how often to run a seed or plan")
    parser.add_argument("--broken", help="a module of tests.faults.broken")
    return parser.parse_args()


def _hunt(seconds: float, broken: str | None) -> int:
    """Fresh seeds until time is up; how many failed."""
    end, failures = monotonic() + seconds, 0
    while monotonic() < end:
        failures += not _holds(draw_plan(SystemRandom().randrange(2**32)), broken)
    return failures


def _holds(plan: Plan, broken: str | None) -> bool:
    began = monotonic()
    print(f"seed {plan.seed}: {plan.dump()}", flush=True)
    outcome = asyncio.run(run(plan, broken))
    print(f"seed {plan.seed}: {'ok' if outcome.ok else 'FAILED'} in {monotonic() - began:.0f} s", flush=True)
    if not outcome.ok:
        print(outcome.report, flush=True)
    return outcome.ok


if __name__ == "__main__":
    sys.exit(main())
