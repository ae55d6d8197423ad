"""What Hypothesis draws rules, tickets and accounts from: few values, so that they meet often."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.conditions import (
    All,
    AnyOf,
    CameBy,
    Condition,
    HasAttitude,
    HasExpenses,
    HasServices,
    HasUrgency,
    IsInHours,
    IsInLanguage,
    IsNamed,
    IsTimeOfDay,
    Not,
    Says,
)
from libs.events.catalogue.intake import Channel, Urgency
from libs.events.catalogue.routing import Per, WeightRuleFacts
from libs.worktime import Calendar, WorkingTime
from libs.worktime.zones import load_zone
from services.routing.domain.circumstances import Account, Circumstances, Words
from services.routing.domain.hours import DepartmentHours, HoursVersion
from services.routing.domain.tickets import Ticket
from services.routing.domain.weights import WeightRule

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
CATEGORIES = [UUID(int=n) for n in (1, 2)]
DEPARTMENTS = [UUID(int=n) for n in (11, 12)]
OTHERS = [UUID(int=n) for n in (21, 22)]
"""Accounts, groups and projects."""
IDS = st.uuids(version=4)
PRODUCTS = ["vps", "domain"]
TEXTS = ["", "Mail", "no MAIL", "straße 12"]

money = st.decimals(min_value=0, max_value=1000, places=2)


def _some_of(values: Iterable[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(list(values)), unique=True, min_size=1).map(tuple)


def _range(model: type[HasServices | HasExpenses], amount: st.SearchStrategy[Any], **more: Any) -> Any:
    bounds = st.tuples(st.none() | amount, st.none() | amount).filter(lambda both: both != (None, None))
    return st.builds(
        lambda both, extra: model.model_validate({"at_least": both[0], "at_most": both[1], **extra}),
        bounds,
        st.fixed_dictionaries(more),
    )


department = st.none() | st.sampled_from(DEPARTMENTS)
clocks = st.integers(0, 23).map(lambda hour: f"{hour:02}:00")
leaves: st.SearchStrategy[Condition] = st.one_of(
    st.builds(IsNamed, kind=st.just("category"), ids=_some_of(CATEGORIES)),
    st.builds(IsNamed, kind=st.sampled_from(["account", "group", "project"]), ids=_some_of(OTHERS)),
    st.builds(HasAttitude, values=_some_of(Attitude)),
    st.builds(HasUrgency, values=_some_of(Urgency)),
    st.builds(CameBy, values=_some_of(Channel)),
    st.builds(IsInLanguage, values=_some_of(["de", "en"])),
    _range(HasServices, st.integers(0, 5), product_types=st.just(()) | _some_of(PRODUCTS)),
    _range(HasExpenses, money),
    st.builds(Says, kind=st.sampled_from(["subject", "text"]), contains=_some_of(["mail", "STRASSE", "12"])),
    st.builds(Says, kind=st.sampled_from(["subject", "text"]), matches=st.sampled_from([r"\d", "(?i)mail$", "^no"])),
    st.builds(IsTimeOfDay, starts=clocks, ends=clocks, department_id=department),
    st.builds(IsInHours, inside=st.booleans(), department_id=department),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.builds(All, of=st.lists(parts, max_size=3).map(tuple)),
        st.builds(AnyOf, of=st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, of=parts),
    ),
    max_leaves=6,
)
weight_facts = st.builds(
    WeightRuleFacts,
    name=st.sampled_from(["a", "b"]),
    conditions=conditions,
    points=st.integers(-100, 100),
    per=st.sampled_from(Per),
    unit=st.decimals(min_value=Decimal("0.5"), max_value=100, places=2),
    floor=st.none() | st.integers(0, 50),
    cap=st.none() | st.integers(50, 200),
    enabled=st.booleans(),
)
weight_rules: st.SearchStrategy[list[WeightRule]] = st.lists(st.builds(WeightRule.of, IDS, weight_facts), max_size=5)
accounts = st.builds(
    Account,
    version=st.integers(1, 5),
    attitude=st.sampled_from(Attitude),
    product_types=st.lists(st.sampled_from(PRODUCTS), max_size=6).map(tuple),
    expenses=money,
    group_id=st.none() | st.sampled_from(OTHERS),
)
instants = st.integers(0, 48 * 60).map(lambda minutes: NINE + timedelta(minutes=minutes))
tickets = st.builds(
    Ticket,
    account_id=st.sampled_from(OTHERS),
    category_id=st.sampled_from(CATEGORIES),
    urgency=st.sampled_from(Urgency),
    version=st.integers(1, 5),
    categorised=st.just(1),
    categorised_at=instants,
    opened_at=instants,
    waited_until=st.none(),
    project_id=st.none() | st.sampled_from(OTHERS),
    channel=st.sampled_from(Channel),
    language=st.none() | st.sampled_from(["de", "de-AT", "en", "den"]),
)


def hours_of(calendar: dict[str, Any], since: datetime = NINE - timedelta(days=9)) -> DepartmentHours:
    """Hours in force since then, with a table of some weeks."""
    rules = Calendar.model_validate(calendar)
    table = WorkingTime(rules, since).table(since, since + timedelta(days=60))
    return DepartmentHours([HoursVersion(since, load_zone(rules.time_zone), [table])])


WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
HOURS = {DEPARTMENTS[0]: hours_of({"time_zone": "Europe/Berlin", "weekly": WEEK})}
circumstances = st.builds(
    Circumstances,
    ticket=tickets,
    account=st.none() | accounts,
    at=instants,
    words=st.builds(Words, subject=st.sampled_from(TEXTS), text=st.sampled_from(TEXTS)),
    department_id=department,
    hours=st.just(HOURS),
)
