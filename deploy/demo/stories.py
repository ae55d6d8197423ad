"""The tickets of the demo: what is written and done on each, drawn from a seed. Pure."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from deploy.demo.company import CATEGORIES, Category
from deploy.demo.customers import Customer, Person
from deploy.demo.writing import Cast

CLIENT, ADMINISTRATOR, SYSTEM = "client", "administrator", "system"
_SERVERS = {"vps", "dedicated"}

# What happens after submission, and how often. `answer` takes the block first. Each step changes something, so that
# its idempotency key is kept and a second run changes nothing.
_WAYS = {
    "": 22,
    "read": 8,
    "read take note": 8,
    "read answer": 12,
    "read take answer": 5,
    "read answer reply": 10,
    "read answer reply reply": 3,
    "read take answer reply read answer": 6,
    "read take note answer reply read answer reply": 4,
    "read answer-and-close": 10,
    "read answer close-by-client": 3,
    "read note close": 2,
    "read answer-and-close reply": 4,
    "read answer-and-close reopen": 2,
    "reply": 1,
}
_WAYS_ON_BEHALF = {"": 3, "note": 2, "take reply read answer": 4, "close": 1}
_WAYS_OF_ALARMS = {"": 4, "read take": 2, "read take note": 2, "read note close": 2}
_BLOCKED = "read take block"
_ON_BEHALF_SHARE = 0.07
_USUAL_URGENCY_SHARE = 0.8
_WRITES = {"reply": "client", "answer": "staff", "answer-and-close": "staff", "note": "note"}

_ALARMS = (
    ("Server down", "high", "{host}: no answer on port 443", "Five checks in a row failed, the first at {hour}."),
    ("Server down", "medium", "{host}: load above 30", "Load average 34.1 for ten minutes; disk wait 61 %."),
    ("Certificates", "medium", "{host}.{domain}: certificate expires in 5 days", "It was due for renewal at {hour}."),
    ("Backups and restore", "medium", "{host}: backup failed", "Exit code 12 at {hour}, 40 GB transferred."),
)


@dataclass(frozen=True)
class Step:
    """Something done on a ticket; `text` if it is something written."""

    kind: str
    text: str = ""


@dataclass(frozen=True)
class Story:
    """`administrator` does what staff does on the ticket. Subjects of systems' tickets differ from each other."""

    number: int
    user: Person
    administrator: str
    submitted_by: str
    category: str
    urgency: str
    subject: str
    text: str
    steps: Sequence[Step]


def tell(random: Random, customers: Sequence[Customer], count: int) -> list[Story]:
    """Answer as many stories; one in twenty is a monitoring system's, the last two end in a block."""
    talks = tomllib.loads(Path(__file__).with_name("conversations.toml").read_text())
    with_servers = [customer for customer in customers if customer.products & _SERVERS]

    def one(number: int) -> Story:
        if number % 20 == 7:  # noqa: PLR2004 - one in twenty
            return _alarm(random, random.choice(with_servers), number)
        return _conversation(random, random.choice(customers), talks, number, is_blocked=number >= count - 2)

    return [one(number) for number in range(count)]


def _conversation(
    random: Random, customer: Customer, talks: dict[str, list[dict[str, Any]]], number: int, *, is_blocked: bool
) -> Story:
    category = random.choice([each for each in CATEGORIES if _is_open(each, customer)])
    talk = random.choice(talks[category.name])
    is_usual = random.random() < _USUAL_URGENCY_SHARE
    is_on_behalf = not is_blocked and random.random() < _ON_BEHALF_SHARE
    way = _BLOCKED if is_blocked else _drawn(random, _WAYS_ON_BEHALF if is_on_behalf else _WAYS)
    cast = Cast(random, customer, category, number)
    write = cast.writer(talk["messages"], talk.get("note"))
    return Story(
        number=number,
        user=cast.user,
        administrator=cast.administrator,
        submitted_by=ADMINISTRATOR if is_on_behalf else CLIENT,
        category=category.name,
        urgency=talk["urgency"] if is_usual else random.choice(("high", "medium", "low")),
        subject=cast.filled(talk["subject"]),
        text=write("client"),
        steps=_steps(way, write),
    )


def _alarm(random: Random, customer: Customer, number: int) -> Story:
    name, urgency, subject, text = random.choice(_ALARMS)
    cast = Cast(random, customer, next(each for each in CATEGORIES if each.name == name), number)
    return Story(
        number=number,
        user=cast.user,
        administrator=cast.administrator,
        submitted_by=SYSTEM,
        category=name,
        urgency=urgency,
        subject=cast.filled(subject),
        text=cast.filled(text),
        steps=_steps(_drawn(random, _WAYS_OF_ALARMS), cast.writer([], None)),
    )


def _drawn(random: Random, ways: dict[str, int]) -> str:
    return random.choices(list(ways), list(ways.values()))[0]


def _steps(way: str, write: Any) -> list[Step]:
    return [Step(kind, write(_WRITES[kind]) if kind in _WRITES else "") for kind in way.split()]


def _is_open(category: Category, customer: Customer) -> bool:
    return not category.products or bool(customer.products.intersection(category.products))
