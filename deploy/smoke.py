"""Proves over HTTP that a running helpdesk does its work: `python -m deploy.smoke [--url http://…]`.

Signs in as the first administrator (settings `HELPDESK_FIRST_ADMINISTRATOR_…`), makes what a ticket needs (once, with
names that say what for), and takes one ticket through its life. The ticket is deleted again.
"""

import argparse
import secrets
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from deploy.client import Caller, Helpdesk, Refused, first_administrator, urls_from_environment
from deploy.local.stack import SERVICES

_READY_SECONDS = 180.0
_SETTLED_SECONDS = 30.0
_PAUSE_SECONDS = 0.1
_EMAIL = "smoke-test@example.com"

T = TypeVar("T")
Ticket = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser("python -m deploy.smoke", description="Proves that a running helpdesk works.")
    parser.add_argument("--url", help="where all services answer; else HELPDESK_<SERVICE>_URL of each, else port 8080")
    url = parser.parse_args().url
    helpdesk = Helpdesk(dict.fromkeys(SERVICES, url.rstrip("/")) if url else urls_from_environment())
    try:
        step("every service is ready", lambda: until_ready(helpdesk))
        administrator = step("the first administrator signs in", lambda: helpdesk.sign_in(**first_administrator()))
        category, client = step(
            "there is a department, a category and a client", lambda: world(administrator, helpdesk)
        )
        life(administrator, client, category)
    except (Refused, AssertionError, LookupError, httpx.TransportError) as error:
        sys.exit(f"failed\n{type(error).__name__}: {error}")
    print("· the helpdesk works")


def step(name: str, act: Callable[[], T]) -> T:
    print(f"· {name} … ", end="", flush=True)
    began = time.perf_counter()
    result = act()
    print(f"{time.perf_counter() - began:.2f} s", flush=True)
    return result


def until_ready(helpdesk: Helpdesk) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    for name in SERVICES:
        while (reason := unready(f"{helpdesk.urls[name]}/api/{name}/readyz")) and time.monotonic() < deadline:
            time.sleep(_PAUSE_SECONDS)
        assert reason is None, f"{name} is not ready: {reason}"


def unready(url: str) -> str | None:
    try:
        answer = httpx.get(url, trust_env=False)
    except httpx.TransportError as error:
        return str(error)
    return None if answer.is_success else answer.text


# --- what a ticket needs ---------------------------------------------------------------------


def world(administrator: Caller, helpdesk: Helpdesk) -> tuple[str, Caller]:
    """Answer the id of a category, and a signed-in client; made by the first smoke test, used again by the next."""
    me = administrator.identity["id"]
    department = make(administrator, "routing/departments", {"name": "Smoke test", "member_ids": [me]})
    category = make(administrator, "routing/categories", {"name": "Smoke test", "default_department_id": department})
    account = make(administrator, "accounts/accounts", {"name": "Smoke test"})
    password = secrets.token_urlsafe()
    person = {"account_id": account, "name": "Smoke Test", "email": _EMAIL, "password": password}
    user = make(administrator, "accounts/users", person)
    administrator.patch(f"/api/accounts/users/{user}", {"password": password})
    return category, helpdesk.sign_in(email=_EMAIL, password=password)


def make(administrator: Caller, what: str, body: dict[str, Any]) -> str:
    return str(administrator.post(f"/api/{what}", body, key=f"smoke-test:{what}").json()["id"])


# --- a ticket's life -------------------------------------------------------------------------


def life(administrator: Caller, client: Caller, category: str) -> None:
    ticket = step("the client submits a ticket", lambda: submit(client, category))
    path = f"/api/intake/tickets/{ticket}"
    shown = step("it is in the list, with its department and weight", lambda: settled(administrator, ticket))
    assert shown["unread"], shown
    token = step("the administrator begins to write", lambda: command(administrator, f"{path}/block"))["block"]["token"]
    step("the list shows who is writing", lambda: listed(administrator, ticket, lambda row: bool(row["block"])))
    answer = {"text": "It does. Thank you for asking.", "token": token}
    step("the administrator answers", lambda: command(administrator, f"{path}/replies", answer))
    step("the ticket waits no more", lambda: listed(administrator, ticket, lambda row: row["waiting_since"] is None))
    step("the client reads the answer", lambda: answered(client, ticket))
    step("the administrator closes it", lambda: command(administrator, f"{path}/close"))
    step("it is active no more", lambda: listed(administrator, ticket, lambda row: row["state"] == "closed"))
    step("it is deleted, and gone", lambda: deleted(administrator, ticket))


def submit(client: Caller, category: str) -> str:
    body = {"category_id": category, "subject": "Does it work?", "text": "This is a smoke test.", "urgency": "low"}
    return str(command(client, "/api/intake/tickets", body)["id"])


def command(caller: Caller, path: str, body: Any = None) -> Ticket:
    answer: Ticket = caller.post(path, body, key=str(uuid.uuid4())).json()
    return answer


def settled(administrator: Caller, ticket: str) -> Ticket:
    return listed(administrator, ticket, lambda row: row["department"] is not None)


def listed(administrator: Caller, ticket: str, expected: Callable[[Ticket], bool]) -> Ticket:
    """Answer the ticket's row once it is as expected."""
    return until(lambda: next(filter(expected, rows(administrator, ticket)), None))


def rows(administrator: Caller, ticket: str) -> list[Ticket]:
    account = administrator.get(f"/api/query/tickets/{ticket}").json()["account"]["id"]
    found = administrator.items("/api/query/tickets", account_id=account, state="all")
    return [row for row in found if row["id"] == ticket]


def answered(client: Caller, ticket: str) -> bool:
    return until(lambda: bool(client.get(f"/api/query/tickets/{ticket}").json()["messages"][-1]["kind"] == "staff"))


def deleted(administrator: Caller, ticket: str) -> bool:
    account = administrator.get(f"/api/query/tickets/{ticket}").json()["account"]["id"]
    administrator.delete(f"/api/intake/tickets/{ticket}")

    def is_gone() -> bool:
        found = administrator.items("/api/query/tickets", account_id=account, state="all")
        return all(row["id"] != ticket for row in found)

    return until(is_gone)


def until(look: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + _SETTLED_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, f"not seen within {_SETTLED_SECONDS:.0f} s"
        time.sleep(_PAUSE_SECONDS)
    return found


if __name__ == "__main__":
    main()
