"""Departments, categories and weight rules as tickets are judged by them."""

from datetime import timedelta
from uuid import UUID

from libs.events.catalogue.routing import CategoryFacts, DepartmentFacts, WeightRuleFacts
from services.routing.domain.kinds import DEPARTMENT, WEIGHT_RULE, changed
from services.routing.domain.organisation import Organisation
from services.routing.domain.weights import RuleHistory
from tests.unit.routing.routing_strategies import NINE

SUPPORT, CLOSED_DOWN, MAIL, OLD, UNKNOWN = (UUID(int=n) for n in range(5))
HOUR = timedelta(hours=1)


def test_a_category_leads_to_its_default_department_if_that_is_enabled() -> None:
    organisation = Organisation(
        departments={SUPPORT: DepartmentFacts(name="S"), CLOSED_DOWN: DepartmentFacts(name="C", enabled=False)},
        categories={
            MAIL: CategoryFacts(name="M", default_department_id=SUPPORT),
            OLD: CategoryFacts(name="O", default_department_id=CLOSED_DOWN),
        },
    )
    assert [organisation.department_for(category) for category in (MAIL, OLD, UNKNOWN)] == [SUPPORT, None, None]
    assert organisation.decidable_categories() == [MAIL]


def test_a_rule_holds_from_its_instant_on_until_it_is_changed_disabled_or_deleted() -> None:
    first = WeightRuleFacts(name="first", points=1)
    disabled = first.model_copy(update={"enabled": False})
    history = RuleHistory()
    for hour, facts in enumerate([first, disabled, WeightRuleFacts(name="second", points=2), None]):
        history = history.then(NINE + hour * HOUR, facts)
    organisation = Organisation(rules={MAIL: history})
    instants = [NINE - HOUR, NINE, NINE + HOUR, NINE + 2.5 * HOUR, NINE + 3 * HOUR]
    names = [[rule.facts.name for rule in organisation.weight_rules_at(instant)] for instant in instants]
    assert names == [[], ["first"], [], ["second"], []]


def test_a_rules_state_keeps_its_past_and_reads_as_what_it_is_now() -> None:
    first, second = WeightRuleFacts(name="a", points=1), WeightRuleFacts(name="b", points=2)
    state = WEIGHT_RULE.write(WEIGHT_RULE.write(None, first, NINE), second, NINE + HOUR)
    assert WEIGHT_RULE.read(state) == second
    assert RuleHistory.model_validate_json(state).at(NINE) == first
    assert WEIGHT_RULE.read(WEIGHT_RULE.write(state, None, NINE + 2 * HOUR)) is None


def test_a_change_tells_the_whole_of_it_or_nothing_when_it_is_so_already() -> None:
    facts = DepartmentFacts(name="Mail", head_id=SUPPORT)
    after = changed(DEPARTMENT, facts, {"head_id": None})
    assert after is not None
    assert after.TYPE == "department.changed.v1"
    assert after.model_dump() == {**facts.model_dump(), "head_id": None}
    assert changed(DEPARTMENT, facts, {"name": "Mail"}) is None
