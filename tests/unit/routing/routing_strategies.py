"""What Hypothesis draws rules, tickets and accounts from: few values, so that they meet often."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Urgency
from libs.events.catalogue.routing import Conditions, Per, WeightRuleFacts
from services.routing.domain.tickets import Ticket
from services.routing.domain.weights import Account, Rule

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
CATEGORIES = [UUID(int=n) for n in (1, 2)]
IDS = st.uuids(version=4)

money = st.decimals(min_value=0, max_value=1000, places=2)


def _some_of(values: type[Attitude] | type[Urgency] | list[UUID]) -> st.SearchStrategy[list[object] | None]:
    return st.none() | st.lists(st.sampled_from(list(values)), unique=True, min_size=1)


conditions = st.builds(
    Conditions,
    attitudes=_some_of(Attitude),
    urgencies=_some_of(Urgency),
    category_ids=_some_of(CATEGORIES),
    min_services=st.none() | st.integers(0, 5),
    min_expenses=st.none() | money,
)
rules = st.builds(
    WeightRuleFacts,
    name=st.sampled_from(["a", "b"]),
    conditions=conditions,
    points=st.integers(-100, 100),
    per=st.sampled_from(Per),
    unit=st.decimals(min_value=Decimal("0.5"), max_value=100, places=2),
    cap=st.none() | st.integers(0, 200),
    enabled=st.booleans(),
)
named_rules: st.SearchStrategy[list[Rule]] = st.lists(st.tuples(IDS, rules), max_size=5)
accounts = st.builds(
    Account,
    version=st.integers(1, 5),
    attitude=st.sampled_from(Attitude),
    services=st.integers(0, 10),
    expenses=money,
)
instants = st.integers(0, 20).map(lambda minutes: NINE + timedelta(minutes=minutes))
tickets = st.builds(
    Ticket,
    account_id=st.just(UUID(int=9)),
    category_id=st.sampled_from(CATEGORIES),
    urgency=st.sampled_from(Urgency),
    version=st.integers(1, 5),
    categorised=st.just(1),
    opened_at=instants,
    waited_until=st.none(),
)
