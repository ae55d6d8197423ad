"""The customers of the demo, drawn from a seed."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.demo import script
from deploy.demo.provider import GROUPS, PROJECTS, Category

_SCRIPT = script.read("customers")
_FIRST_DAY, _DAYS = date(2014, 3, 1), 4300
_FORMER_EVERY = 20
_SILENT = {0, 3}
_NOTED_SHARE = 0.4
_LEFT_SHARE = 0.15


@dataclass(frozen=True)
class Person:
    """`enabled`: whether they may still sign in; `signs_in`: whether they have ever set a password to do so."""

    name: str
    email: str
    enabled: bool = True
    signs_in: bool = True


@dataclass(frozen=True)
class Customer:
    """`services` as the API takes them, as well as what is in `facts`. The first of the users is who writes most."""

    name: str
    domain: str
    language: str
    group: str | None
    project: str
    services: Sequence[dict[str, Any]]
    users: Sequence[Person]
    facts: Mapping[str, Any]

    def may_choose(self, about: Category) -> bool:
        return about.is_open_to({service["product_type"] for service in self.services}, self.project)

    @property
    def writers(self) -> Sequence[Person]:
        return [user for user in self.users if user.enabled and user.signs_in]


def customers(random: Random, count: int) -> list[Customer]:
    """Answer as many; every twentieth has left, with all its users, and of two in five nobody has a password yet."""
    names = random.sample([f"{first} {second}" for first in _SCRIPT["first"] for second in _SCRIPT["second"]], count)
    return [_customer(random, name, place) for place, name in enumerate(names, 1)]


def _customer(random: Random, name: str, place: int) -> Customer:
    language = _drawn(random, _SCRIPT["languages"])
    ending = random.choice(_SCRIPT["languages"][language]["endings"])
    domain = re.sub(r"[^a-z]", "", name.lower()) + ".example"
    return Customer(
        name=f"{name} {ending}".strip(),
        domain=domain,
        language=language,
        group=random.choice((*GROUPS, None, None)),
        project=random.choice(PROJECTS),
        services=list(_services(random)),
        users=list(_users(random, domain, signs_in=place % 5 not in _SILENT)),
        facts=_facts(random, is_former=place % _FORMER_EVERY == 0),
    )


def _facts(random: Random, *, is_former: bool) -> dict[str, Any]:
    attitude = random.choices(("good", "neutral", "bad"), (3, 6, 1))[0]
    kind = "former" if is_former else attitude
    is_noted = is_former or random.random() < _NOTED_SHARE
    return {
        "attitude": attitude,
        "balance": f"{random.uniform(*_SCRIPT['balances'][kind]):.2f}",
        "registered_on": (_FIRST_DAY + timedelta(days=random.randrange(_DAYS))).isoformat(),
        "comment": random.choice(_SCRIPT["notes"][kind]) if is_noted else None,
        "enabled": not is_former,
    }


def _services(random: Random) -> Iterator[dict[str, Any]]:
    for _ in range(random.choice((1, 2, 3, 4, 6, 9, 14))):
        product = _drawn(random, _SCRIPT["products"])
        price = random.uniform(*_SCRIPT["products"][product]["price"])
        yield {"product_type": product, "price": f"{price:.2f}"}


def _users(random: Random, domain: str, *, signs_in: bool) -> Iterator[Person]:
    """One, sometimes two; and sometimes somebody who has left."""
    names = random.sample(_SCRIPT["given"], 3)
    for given in names[: random.choice((1, 1, 1, 1, 1, 2))]:
        yield _person(random, given, domain, signs_in=signs_in)
    if random.random() < _LEFT_SHARE:
        yield _person(random, names[-1], domain, enabled=False)


def _person(random: Random, given: str, domain: str, *, enabled: bool = True, signs_in: bool = False) -> Person:
    plain = unicodedata.normalize("NFKD", given.lower()).encode("ascii", "ignore").decode()
    return Person(f"{given} {random.choice(_SCRIPT['family'])}", f"{plain}@{domain}", enabled, signs_in)


def _drawn(random: Random, shares: Mapping[str, Mapping[str, Any]]) -> str:
    return random.choices(list(shares), [one["share"] for one in shares.values()])[0]
