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
from deploy.demo.company import DEPARTMENTS, email_of
from deploy.demo.customers import Customer, customers
from deploy.demo.monitoring import monitoring
from deploy.demo.pace import Pace
from deploy.demo.seeding import Seeding
from deploy.demo.stories import SYSTEM, Story, tell
from deploy.demo.telling import Telling

SEED = "helpdesk demo 1"
ACCOUNTS, TICKETS = 40, 300
_SIDE_BY_SIDE = 6


def main() -> None:
    helpdesk = Helpdesk(urls_from_environment())
    random = Random(SEED)  # noqa: S311 - the same each time is the point
    clients = customers(random, ACCOUNTS)
    stories = tell(random, clients, TICKETS)
    try:
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as workers:
            _fill(helpdesk, clients, stories, Pace(workers))
    except (Refused, LookupError, httpx.TransportError) as error:
        sys.exit(f"\n· demo: {error}")


def _fill(helpdesk: Helpdesk, clients: Sequence[Customer], stories: Sequence[Story], pace: Pace) -> None:
    first, password = first_administrator(), _password()
    administrator = helpdesk.sign_in(**first)
    world = Seeding(helpdesk, administrator, password, pace).run(clients)

    @cache
    def sign_in(email: str) -> Caller:
        """Sign in once; at first use, as checking a password is work for the core that tickets leave idle."""
        return helpdesk.sign_in(email=email, password=password)

    alarms = {story.subject for story in stories if story.submitted_by == SYSTEM}
    system = monitoring(helpdesk, administrator, alarms)
    pace.each("tickets", Telling(world, sign_in, system).tell, stories)
    _print_sign_ins(clients, password, system.key)


def _password() -> str:
    """Answer the password of all people of the demo: the same each time, known to nobody but who runs it."""
    key = os.environ.get("HELPDESK_SYSTEM_KEY")
    if not key:
        raise LookupError("set HELPDESK_SYSTEM_KEY: the passwords of the demo follow from it")
    return f"demo-{hmac.digest(key.encode(), SEED.encode(), hashlib.sha256).hex()[:12]}"


def _print_sign_ins(clients: Sequence[Customer], password: str, key: str | None) -> None:
    print(f"· demo: sign in with the password {password} as")
    for department in DEPARTMENTS[:3]:
        head = department.members[0]
        print(f"  {email_of(head):36} {head}, head of {department.name}")
    for client in clients[:3]:
        print(f"  {client.users[0].email:36} {client.users[0].name} of {client.name} ({client.attitude})")
    if key:
        print(f"  The monitoring system's API key, shown this once: {key}", flush=True)


if __name__ == "__main__":
    main()
