"""The script of the demo can be told, to its last line."""

from random import Random

import pytest

from deploy.demo import script
from deploy.demo.__main__ import planned_world
from deploy.demo.customers import customers
from deploy.demo.provider import CATEGORIES, DEPARTMENTS, category
from deploy.demo.steps import Acts
from deploy.demo.writing import Cast

DAY = script.read("day")
CUSTOMER = customers(Random(1), 1)[0]
WAYS = {way for ways in DAY["ways"].values() for way in ways} | {
    scene["way"] for scene in script.read("scenes")["scenes"]
}
BY_THEIR_NAME = {"read", "take", "close", "reopen", "block", "release"}


def acts(talk: dict[str, object], subject: str = "E-mail", language: str = "en") -> Acts:
    cast = Cast(Random(1), CUSTOMER, category(subject), language, 1)
    return Acts(cast, cast.writer(talk, language), language)


def test_it_is_the_same_each_time() -> None:
    assert planned_world() == planned_world()


@pytest.mark.parametrize("name", script.talks())
def test_each_conversation_can_be_written_to_its_end(name: str) -> None:
    told = dict(script.read(name))
    language = str(told.pop("language", "en"))
    for subject, talks in told.items():
        for talk in talks:
            made = acts(talk, subject, language).steps("reply answer note reply answer rate")
            assert all(step.text for step in made if step.kind != "rate")
            assert "{" not in "".join(step.text for step in made if "HTTP_HOST" not in step.text)


@pytest.mark.parametrize("way", sorted(WAYS))
def test_each_way_can_be_gone(way: str) -> None:
    made = acts({}).steps(way)
    assert len(made) == len(way.split())
    assert {step.kind for step in made} <= BY_THEIR_NAME | {
        *("note", "reply", "answer", "answer-and-close", "draft", "rate", "edit"),
        *("assign", "transfer", "delete", "unblock"),
    }


def test_there_is_a_conversation_on_each_subject_but_alarms() -> None:
    subjects = {subject for name in script.talks() for subject in script.read(name)} - {"language"}
    assert subjects == {one.name for one in CATEGORIES} - {"Monitoring"}


def test_somebody_can_take_over_in_each_team() -> None:
    assert all(len(department.workers) > 1 for department in DEPARTMENTS)


@pytest.mark.parametrize("kind", script.read("papers"))
def test_each_paper_is_small_and_has_a_name(kind: str) -> None:
    cast = Cast(Random(1), CUSTOMER, category("E-mail"), "en", 1)
    (paper,) = cast.papers([kind])
    assert "{" not in paper.name
    assert 0 < len(paper.content) < 4096
