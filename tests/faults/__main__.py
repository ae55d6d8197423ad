"""Run the simulator with fresh seeds for an hour, or for `--seconds 600`; or one run again, as it was printed.

`--seed 4711` or `--plan '{"seed": …}'`, with `--times 5` and `--broken tail_without_fence` if wished.
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


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _holds(plan: Plan, broken: str | None) -> bool:
    began = monotonic()
    _say(f"seed {plan.seed}: {plan.dump()}")
    outcome = asyncio.run(run(plan, broken))
    _say(f"seed {plan.seed}: {'ok' if outcome.ok else 'FAILED'} in {monotonic() - began:.0f} s")
    if not outcome.ok:
        _say(outcome.report)
    return outcome.ok


if __name__ == "__main__":
    sys.exit(main())
