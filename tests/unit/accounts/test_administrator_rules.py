"""Who may make whom an administrator of what kind."""

from uuid import UUID

import pytest

from libs.service.rights import Right, Role, Staff
from services.accounts.domain.administrators import check_change, may_erase
from services.accounts.problems import AboveOwnRights, LastOwner


def staff(role: Role, *extra: Right, enabled: bool = True) -> Staff:
    return Staff(UUID(int=1), role, frozenset(extra), enabled)


OWNER, MANAGER, AGENT = staff(Role.OWNER), staff(Role.MANAGER), staff(Role.AGENT)


def test_a_manager_makes_agents_and_managers_but_no_owner() -> None:
    for made in (AGENT, MANAGER):
        check_change(MANAGER, None, made, other_owners=True)
    with pytest.raises(AboveOwnRights):
        check_change(MANAGER, None, OWNER, other_owners=True)


def test_who_is_above_is_not_even_demoted_or_left_as_they_are() -> None:
    for after in (AGENT, OWNER, staff(Role.OWNER, enabled=False)):
        with pytest.raises(AboveOwnRights):
            check_change(MANAGER, OWNER, after, other_owners=True)


def test_nobody_promotes_themselves() -> None:
    with pytest.raises(AboveOwnRights):
        check_change(MANAGER, MANAGER, staff(Role.MANAGER, Right.MANAGE_SETTINGS), other_owners=True)


@pytest.mark.parametrize("after", [MANAGER, staff(Role.OWNER, enabled=False)])
def test_the_last_owner_stays_one(after: Staff) -> None:
    check_change(OWNER, OWNER, after, other_owners=True)
    with pytest.raises(LastOwner):
        check_change(OWNER, OWNER, after, other_owners=False)


def test_who_is_no_owner_is_not_the_last_one() -> None:
    check_change(OWNER, staff(Role.OWNER, enabled=False), MANAGER, other_owners=False)
    check_change(OWNER, MANAGER, AGENT, other_owners=False)


def test_a_right_given_to_an_agent_does_not_let_them_erase() -> None:
    assert may_erase(OWNER)
    assert may_erase(MANAGER)
    assert not may_erase(staff(Role.AGENT, *Right))
    assert not may_erase(staff(Role.OWNER, enabled=False))
