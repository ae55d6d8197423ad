"""Fills a helpdesk with demo data, once: `python -m deploy.demo`, with the settings of services in the environment."""

import hashlib
import hmac
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from random import Random

import httpx

from deploy.client import Caller, Helpdesk, Refused, first_administrator, urls_from_environment
from deploy.demo import monitoring
from deploy.demo.customers import Customer, customers
from deploy.demo.pace import Pace
from deploy.demo.people import who_is_who
from deploy.demo.seeding import Seeding
from deploy.demo.stories import SYSTEM, Story, tell
from deploy.demo.telling import Telling, told_before

SEED = "helpdesk demo 2"
ACCOUNTS, TICKETS = 40, 240
_SIDE_BY_SIDE = 6


def main() -> None:
    helpdesk = Helpdesk(urls_from_environment())
    clients, stories = planned_world()
    try:
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as workers:
            _fill(helpdesk, clients, stories, Pace(workers))
    except (Refused, LookupError, httpx.TransportError) as error:
        sys.exit(f"\n· demo: {error}")


def planned_world() -> tuple[list[Customer], list[Story]]:
    """Answer who there will be, and what will happen: the same each time."""
    random = Random(SEED)  # noqa: S311 - the same each time is the point
    clients = customers(random, ACCOUNTS)
    return clients, tell(random, clients, TICKETS)


def _fill(helpdesk: Helpdesk, clients: Sequence[Customer], stories: Sequence[Story], pace: Pace) -> None:
    first, password = first_administrator(), _password()
    administrator = helpdesk.sign_in(**first)
    world = Seeding(helpdesk, administrator, password, pace).run(clients)

    def sign_in(email: str) -> Caller:
        return helpdesk.sign_in(email=email, password=password)

    told = told_before(administrator) if monitoring.is_there(administrator) else {}
    alarms = {story.subject for story in stories if story.by == SYSTEM}
    system = None if alarms <= told.keys() else monitoring.monitoring(helpdesk, administrator)
    # People sign in when they are first needed: checking a password is work for the core that tickets leave idle.
    telling = Telling(world, cache(sign_in), sign_in, told, system.caller if system else None)
    pace.each("tickets", telling.tell, stories)
    print(f"· demo: sign in with the password {password} as")
    print("\n".join(f"  {email:36} {who}" for email, who in who_is_who(clients, stories)))
    if system:
        print(f"  The monitoring system's API key, shown this once: {system.key}", flush=True)


def _password() -> str:
    """Answer the password of all people of the demo: the same each time, known to nobody but who runs it."""
    key = os.environ.get("HELPDESK_SYSTEM_KEY")
    if not key:
        raise LookupError("set HELPDESK_SYSTEM_KEY: the passwords of the demo follow from it")
    return f"demo-{hmac.digest(key.encode(), SEED.encode(), hashlib.sha256).hex()[:12]}"


if __name__ == "__main__":
    main()
