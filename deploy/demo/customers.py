"""The customers of the demo, drawn from a seed."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from deploy.demo.company import GROUPS, PROJECTS

_NAMES = tomllib.loads(Path(__file__).with_name("names.toml").read_text())
_ENDINGS = ("Ltd", "GmbH", "Inc.", "& Sons", "Group", "Studio", "AB", "")
_PLANS = {"hosting": (5.9, 12.9), "vps": (9.9, 49.9), "dedicated": (89, 349), "domain": (1.2, 3.5), "mail": (2.5, 9)}


@dataclass(frozen=True)
class Person:
    name: str
    email: str


@dataclass(frozen=True)
class Customer:
    """`services` as the API takes them. The first of the users is who writes most."""

    name: str
    domain: str
    attitude: str
    group: str | None
    project: str
    services: Sequence[dict[str, Any]]
    users: Sequence[Person]

    @property
    def products(self) -> set[str]:
        return {service["product_type"] for service in self.services}


def customers(random: Random, count: int) -> list[Customer]:
    names = random.sample([f"{first} {second}" for first in _NAMES["first"] for second in _NAMES["second"]], count)
    return [_customer(random, name) for name in names]


def _customer(random: Random, name: str) -> Customer:
    domain = re.sub(r"[^a-z]", "", name.lower()) + ".example"
    return Customer(
        name=f"{name} {random.choice(_ENDINGS)}".strip(),
        domain=domain,
        attitude=random.choices(("good", "neutral", "bad"), (3, 6, 1))[0],
        group=random.choice((*GROUPS, None, None)),
        project=random.choice(PROJECTS),
        services=list(_services(random)),
        users=list(_users(random, domain)),
    )


def _services(random: Random) -> Iterator[dict[str, Any]]:
    for product in random.choices(list(_PLANS), (6, 5, 2, 6, 4), k=random.choice((1, 2, 3, 4, 6, 9, 14))):
        low, high = _PLANS[product]
        yield {"product_type": product, "price": f"{random.uniform(low, high):.2f}"}


def _users(random: Random, domain: str) -> Iterator[Person]:
    for given in random.sample(_NAMES["given"], random.choice((1, 1, 1, 1, 1, 2))):
        yield Person(f"{given} {random.choice(_NAMES['family'])}", f"{given.lower()}@{domain}")
