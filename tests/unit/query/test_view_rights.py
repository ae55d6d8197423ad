"""Whose a view is, who sees it, and who may change it into what."""

from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.service.problems import Forbidden, NotFound, PreconditionFailed, Problem
from libs.service.rights import Right, Role, Staff
from services.query.domain.orders import Filters
from services.query.domain.views import Sharing, View, changed, in_order, made

A, B = uuid4(), uuid4()
MAKER = uuid4()
NOW = datetime(2026, 1, 5, tzinfo=UTC)
PRIVATE, TO_A, TO_BOTH, TO_ALL = Sharing(), Sharing(department_ids=(A,)), Sharing(department_ids=(A, B)), Sharing(True)
SHARINGS = [PRIVATE, TO_A, TO_BOTH, TO_ALL]
EXTRA = [frozenset[Right](), frozenset({Right.MANAGE_SETTINGS}), frozenset({Right.DELETE})]


def view(sharing: Sharing = PRIVATE, **given: Any) -> View:
    fields = {"id": uuid4(), "owner": MAKER, "name": "V", "created_at": NOW, "changed_at": NOW, **given}
    return View(filters=Filters(), sort="weight", order=None, columns=(), sharing=sharing, **fields)


def everybody(administrator: UUID) -> list[Staff]:
    """An administrator in every role and relation to the departments."""
    relations = [(set(), set()), ({A}, set()), (set(), {A}), ({B}, {A}), (set(), {A, B}), ({A, B}, set())]
    return [
        Staff(administrator, role, extra, departments=frozenset(joined), headed=frozenset(headed))
        for role, extra, (joined, headed) in product(Role, EXTRA, relations)
    ]


def may_share(staff: Staff, sharing: Sharing) -> bool:
    """By docs/rights.md."""
    if sharing == PRIVATE or staff.role is Role.OWNER or Right.MANAGE_SETTINGS in staff.extra:
        return True
    return not sharing.everybody and {*sharing.department_ids} <= staff.headed


@pytest.mark.parametrize("sharing", SHARINGS)
def test_a_view_is_shared_by_who_may(sharing: Sharing) -> None:
    for maker in everybody(MAKER):
        if may_share(maker, sharing):
            assert made(view(sharing), maker).sharing == sharing
        else:
            with pytest.raises(Forbidden):
                made(view(sharing), maker)


@pytest.mark.parametrize(("before", "after"), list(product(SHARINGS, SHARINGS)))
def test_a_view_is_changed_by_its_maker_and_by_who_may_share_it_so(before: Sharing, after: Sharing) -> None:
    for administrator in (MAKER, uuid4()):
        for staff in everybody(administrator):
            found = view(before)
            is_own = administrator == MAKER
            is_meant = is_own or before.everybody or not staff.sees_departments.isdisjoint(before.department_ids)
            may_manage = before != PRIVATE and may_share(staff, before)
            outcome: type[Problem] | None = None
            if not is_own and not may_manage:
                outcome = Forbidden if is_meant else NotFound
            elif not may_share(staff, after):
                outcome = Forbidden
            if outcome is None:
                changes = {"sharing": after, "name": "Other"}
                assert changed(found, staff, 1, changes, NOW)[0].sharing == after
            else:
                with pytest.raises(outcome):
                    changed(found, staff, 1, {"sharing": after, "name": "Other"}, NOW)


def test_a_change_is_of_the_version_one_saw() -> None:
    maker = Staff(MAKER, Role.AGENT)
    with pytest.raises(PreconditionFailed):
        changed(view(version=3), maker, 2, {"name": "Other"}, NOW)
    after, is_other = changed(view(version=3), maker, None, {"name": "Other"}, NOW)
    assert (after.version, is_other) == (4, True)
    same, is_other = changed(after, maker, 4, {"name": "Other"}, NOW)
    assert (same.version, is_other) == (4, False)


def test_systems_have_what_everybody_has() -> None:
    assert [view(sharing).is_seen_by(None) for sharing in SHARINGS] == [False, False, False, True]


def test_views_are_in_the_order_that_somebody_wants_and_new_ones_last() -> None:
    views = [view(created_at=datetime(2026, 1, day, tzinfo=UTC)) for day in (4, 3, 2, 1)]
    ordered = in_order(views, [views[2].id, uuid4(), views[0].id])
    assert ordered == [views[2], views[0], views[3], views[1]]
