"""What is wrong with a rule that could not work, so that it is never saved."""

from collections.abc import Iterator

from libs.events.catalogue.conditions import All, AnyOf, Condition, IsInHours, IsTimeOfDay, Not, Says
from libs.events.catalogue.routing import Actions, ResponsibleBy, SubmissionRuleFacts, WeightRuleFacts
from services.routing.domain.conditions import leaves
from services.routing.domain.patterns import RefusedPattern, searching
from services.routing.domain.possible import Fault, never

DEEPEST = 10
MOST_PARTS = 200


def faults_of(rule: SubmissionRuleFacts | WeightRuleFacts) -> Iterator[Fault]:
    """All that is wrong with a rule by itself; whether what it names exists is another question."""
    yield from _condition_faults(rule.conditions, "/conditions")
    if isinstance(rule, SubmissionRuleFacts):
        yield from _action_faults(rule.then)
    else:
        yield from _weight_faults(rule)


def _condition_faults(condition: Condition, path: str) -> Iterator[Fault]:
    if _depth(condition) > DEEPEST:
        yield path, f"Conditions are put into each other {DEEPEST} deep at most"
        return
    found = list(leaves(condition, path))
    if len(found) > MOST_PARTS:
        yield path, f"A rule has {MOST_PARTS} single conditions at most"
    for at, leaf in found:
        if isinstance(leaf, Says) and leaf.matches is not None and (reason := _refused(leaf.matches)):
            yield f"{at}/matches", f"RE2 refuses this pattern: {reason}"
    if impossible := never(condition, path):
        yield impossible


def _depth(condition: Condition) -> int:
    match condition:
        case All(of=of) | AnyOf(of=of):
            return 1 + max(map(_depth, of), default=0)
        case Not(of=part):
            return 1 + _depth(part)
    return 1


def _refused(pattern: str) -> str | None:
    try:
        searching(pattern)
    except RefusedPattern as refused:
        return str(refused)
    return None


def _action_faults(then: Actions) -> Iterator[Fault]:
    if then == Actions():
        yield "/then", "The rule does nothing: say a department, who is responsible, an urgency or tags"
    if then.responsible is not None:
        is_fixed = then.responsible.by is ResponsibleBy.FIXED
        if is_fixed != (then.responsible.administrator_id is not None):
            yield "/then/responsible/administrator_id", "Named if, and only if, it is a fixed one who is responsible"


def _weight_faults(rule: WeightRuleFacts) -> Iterator[Fault]:
    if rule.floor is not None and rule.cap is not None and rule.floor > rule.cap:
        yield "/floor", "The floor is above the cap"
    for at, leaf in leaves(rule.conditions, "/conditions"):
        if isinstance(leaf, IsTimeOfDay | IsInHours) and leaf.department_id is None:
            yield f"{at}/department_id", "Name the department: a ticket's weight does not depend on where it goes"
