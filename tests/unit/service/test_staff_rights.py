"""Whose rights are within whose."""

from uuid import UUID

import pytest

from libs.service.rights import Right, Role, Staff


def staff(role: Role, *extra: Right) -> Staff:
    return Staff(UUID(int=1), role, frozenset(extra))


@pytest.mark.parametrize("role", Role)
def test_everybody_covers_their_like_and_an_owner_covers_all(role: Role) -> None:
    assert staff(role).covers(staff(role))
    assert staff(Role.OWNER).covers(staff(role, *Right))


def test_rights_given_besides_do_not_make_an_owner_of_a_manager() -> None:
    nearly = staff(Role.MANAGER, *Right)
    assert nearly.rights == staff(Role.OWNER).rights
    assert not nearly.covers(staff(Role.OWNER)), "an owner sees tickets of all departments"


def test_what_a_head_may_do_is_not_what_one_may_do_elsewhere() -> None:
    agent = staff(Role.AGENT, Right.MANAGE_PEOPLE)
    assert Right.DELETE in agent.rights
    assert not agent.covers(staff(Role.AGENT, Right.DELETE))
    assert not agent.covers(staff(Role.MANAGER))
    assert agent.covers(staff(Role.OBSERVER))
    assert not staff(Role.OBSERVER, Right.MANAGE_PEOPLE).covers(staff(Role.AGENT))


def test_a_general_right_is_covered_by_whoever_has_it() -> None:
    assert staff(Role.MANAGER).covers(staff(Role.AGENT, Right.ACT_AS))
    assert not staff(Role.MANAGER).covers(staff(Role.AGENT, Right.MANAGE_SETTINGS))
