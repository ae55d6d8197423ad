"""The tickets of the demo: what is written and done on each, drawn from a seed. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from deploy.demo import script
from deploy.demo.customers import Customer, Person
from deploy.demo.papers import Paper
from deploy.demo.provider import Category, administrator, category
from deploy.demo.steps import Acts, Step
from deploy.demo.writing import Cast, Written

SYSTEM = "system"
"""Who submits alarms: the monitoring system."""

_DAY = script.read("day")
_SCENES: Sequence[Mapping[str, Any]] = script.read("scenes")["scenes"]
_ALARMS: Sequence[Mapping[str, Any]] = _DAY["alarms"]
_ALARM_EVERY = 20
_LAST = 5
_ON_BEHALF_SHARE = 0.07
_USUAL_URGENCY_SHARE = 0.8
_OWN_LANGUAGE_SHARE = 0.75


@dataclass(frozen=True)
class Story:
    """`by` is the address of who submits, or SYSTEM; `acting` is the administrator's who acts as that client.

    Subjects of systems' tickets, and of those submitted by somebody who acts as a client, differ from each other.
    """

    number: int
    user: Person
    by: str
    language: str
    category: str
    urgency: str
    subject: str
    opening: Written
    steps: Sequence[Step]
    acting: str | None = None

    @property
    def files(self) -> Sequence[Paper]:
        return [*self.opening.files, *(paper for step in self.steps for paper in step.files)]


@dataclass(frozen=True)
class _Talk:
    """A conversation of the script."""

    category: Category
    language: str
    lines: Mapping[str, Any]


def tell(random: Random, customers: Sequence[Customer], count: int) -> list[Story]:
    """Answer as many: the scenes of the script, then what is drawn; at the end of the last ones somebody is writing."""
    present = [customer for customer in customers if customer.writers]
    talks = list(_talks())

    def one(number: int) -> Story:
        if number < len(_SCENES):
            return _scene(random, present, _SCENES[number], number)
        if number >= count - _LAST:
            return _conversation(random, present, talks, number, _DAY["ways"]["last"])
        if number % _ALARM_EVERY == 0:
            return _alarm(random, present, number)
        return _conversation(random, present, talks, number)

    return [one(number) for number in range(count)]


def _talks() -> Iterator[_Talk]:
    for name in script.talks():
        told = dict(script.read(name))
        language = told.pop("language", "en")
        yield from (_Talk(category(subject), language, lines) for subject, talks in told.items() for lines in talks)


def _scene(random: Random, customers: Sequence[Customer], scene: Mapping[str, Any], number: int) -> Story:
    about = category(scene["category"])
    fitting = [one for one in customers if one.language == "en" and one.may_choose(about)]
    cast = Cast(random, random.choice(fitting), about, "en", number)
    if "agent" in scene:
        cast.agent = administrator(scene["agent"])
    is_ours = scene.get("opened_by") == "administrator"
    write = cast.writer(scene, "en", is_staff_first=is_ours)
    acting = administrator(scene["as_client"]).email if "as_client" in scene else None
    opening = write("staff" if is_ours else "client")
    return Story(
        number=number,
        user=cast.user,
        by=cast.agent.email if is_ours else cast.user.email,
        acting=acting,
        language="en",
        category=about.name,
        urgency=scene["urgency"],
        subject=cast.filled(scene["subject"]),
        opening=Written(cast.filled(scene["messages"][0])) if acting else opening,
        steps=Acts(cast, write, "en", scene.get("to")).steps(scene["way"]),
    )


def _conversation(
    random: Random,
    customers: Sequence[Customer],
    talks: Sequence[_Talk],
    number: int,
    ways: Mapping[str, int] | None = None,
) -> Story:
    customer = random.choice(customers)
    talk = _chosen(random, customer, talks)
    cast = Cast(random, customer, talk.category, talk.language, number)
    is_on_behalf = ways is None and random.random() < _ON_BEHALF_SHARE
    usual = _DAY["ways"]["administrator" if is_on_behalf else "client"]
    is_urgent_as_usual = random.random() < _USUAL_URGENCY_SHARE
    way = talk.lines.get("way") if ways is None and not is_on_behalf else None
    write = cast.writer(talk.lines, talk.language)
    return Story(
        number=number,
        user=cast.user,
        by=cast.agent.email if is_on_behalf else cast.user.email,
        language=talk.language,
        category=talk.category.name,
        urgency=talk.lines["urgency"] if is_urgent_as_usual else random.choice(("high", "medium", "low")),
        subject=cast.filled(talk.lines["subject"]),
        opening=write("client"),
        steps=Acts(cast, write, talk.language).steps(way or _drawn(random, ways or usual)),
    )


def _chosen(random: Random, customer: Customer, talks: Sequence[_Talk]) -> _Talk:
    """Draw a subject that is open to the customer, then a conversation about it, more often than not in their language."""
    language = customer.language if random.random() < _OWN_LANGUAGE_SHARE else "en"
    fitting = [one for one in talks if one.language == language and customer.may_choose(one.category)]
    about = random.choice(sorted({one.category.name for one in fitting}))
    return random.choice([one for one in fitting if one.category.name == about])


def _alarm(random: Random, customers: Sequence[Customer], number: int) -> Story:
    about, alarm = category("Monitoring"), random.choice(_ALARMS)
    cast = Cast(random, random.choice([one for one in customers if one.may_choose(about)]), about, "en", number)
    return Story(
        number=number,
        user=cast.user,
        by=SYSTEM,
        language="en",
        category=about.name,
        urgency=alarm["urgency"],
        subject=cast.filled(alarm["subject"]),
        opening=Written(cast.filled(alarm["text"]), cast.papers(alarm.get("files", ()))),
        steps=Acts(cast, cast.writer({}, "en"), "en").steps(_drawn(random, _DAY["ways"]["system"])),
    )


def _drawn(random: Random, ways: Mapping[str, int]) -> str:
    return random.choices(list(ways), list(ways.values()))[0]
