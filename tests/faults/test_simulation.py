import os
from random import SystemRandom
from time import monotonic

import pytest

from tests.faults.plan import draw_plan
from tests.faults.runs import run

SECONDS = float(os.environ.get("HELPDESK_FAULTS_SECONDS", "90"))

pytestmark = [pytest.mark.faults, pytest.mark.timeout(SECONDS + 240)]


async def test_all_that_was_acknowledged_is_there_once_and_in_order_whatever_breaks() -> None:
    end = monotonic() + SECONDS
    while monotonic() < end:
        outcome = await run(draw_plan(SystemRandom().randrange(2**32)))
        assert outcome.ok, outcome.report
