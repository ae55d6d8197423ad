"""The kinds of things an administrator makes and changes, and how each is written down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from libs.events.catalogue.base import EventData
from libs.events.catalogue.routing import (
    CategoryChanged,
    CategoryCreated,
    CategoryFacts,
    DepartmentChanged,
    DepartmentCreated,
    DepartmentFacts,
    SubmissionRuleChanged,
    SubmissionRuleCreated,
    SubmissionRuleDeleted,
    SubmissionRuleFacts,
    WeightRuleChanged,
    WeightRuleCreated,
    WeightRuleDeleted,
    WeightRuleFacts,
)
from services.routing.domain.checks import faults_of
from services.routing.domain.possible import Fault
from services.routing.domain.weights import RuleHistory

F = TypeVar("F", bound=EventData)
_GONE = b"null"


@dataclass(frozen=True, slots=True)
class Kind(Generic[F]):
    """A kind of entity that is told whole each time; its state is what was told last."""

    name: str
    facts: type[F]
    created: type[F]
    changed: type[F]
    deleted: type[EventData] | None = None
    """None for what always stays: others name it."""
    faults: Callable[[F], Iterable[Fault]] = lambda _: ()
    """What is wrong with one that could not work, each with a JSON pointer to where."""

    def read(self, state: bytes) -> F | None:
        """What it is now; None once it is deleted."""
        return None if state == _GONE else self.facts.model_validate_json(state)

    def write(self, _before: bytes | None, facts: F | None, _now: datetime) -> bytes:
        return facts.model_dump_json().encode() if facts else _GONE


class WeightRuleKind(Kind[WeightRuleFacts]):
    """Weight rules keep their past, see RuleHistory."""

    def read(self, state: bytes) -> WeightRuleFacts | None:
        return RuleHistory.model_validate_json(state).current()

    def write(self, before: bytes | None, facts: WeightRuleFacts | None, now: datetime) -> bytes:
        history = RuleHistory.model_validate_json(before) if before else RuleHistory()
        return history.then(now, facts).model_dump_json().encode()


DEPARTMENT = Kind("department", DepartmentFacts, DepartmentCreated, DepartmentChanged)
CATEGORY = Kind("category", CategoryFacts, CategoryCreated, CategoryChanged)
WEIGHT_RULE = WeightRuleKind(
    "weight_rule", WeightRuleFacts, WeightRuleCreated, WeightRuleChanged, WeightRuleDeleted, faults_of
)
SUBMISSION_RULE = Kind(
    "submission_rule",
    SubmissionRuleFacts,
    SubmissionRuleCreated,
    SubmissionRuleChanged,
    SubmissionRuleDeleted,
    faults_of,
)
TICKET = "ticket"

ACCOUNT, ADMINISTRATOR, GROUP, PROJECT = "account", "administrator", "group", "project"
"""What accounts tells of, and rules name."""


def changed(kind: Kind[F], facts: F, change: dict[str, Any]) -> F | None:
    """The event that makes this of it; None when it is so already."""
    before = facts.model_dump()
    after = kind.changed.model_validate({**before, **change})
    return None if after.model_dump() == before else after
