"""Who may reset whose password."""

from uuid import UUID

import pytest

from libs.service.rights import Right, Role, Staff
from services.accounts.domain.passwords import check_reset
from services.accounts.problems import AboveOwnRights, OwnPassword

ME, OTHER = UUID(int=1), UUID(int=2)


def test_a_client_s_password_is_reset_by_whoever_manages_people() -> None:
    check_reset(Staff(ME, Role.MANAGER), None)


def test_nobody_resets_their_own() -> None:
    with pytest.raises(OwnPassword):
        check_reset(Staff(ME, Role.OWNER), Staff(ME, Role.OWNER))


@pytest.mark.parametrize("other", [Staff(OTHER, Role.MANAGER), Staff(OTHER, Role.AGENT, frozenset({Right.ACT_AS}))])
def test_nobody_gets_further_by_another_s_password(other: Staff) -> None:
    check_reset(Staff(ME, Role.MANAGER), other)
    with pytest.raises(AboveOwnRights):
        check_reset(Staff(ME, Role.MANAGER), Staff(OTHER, Role.OWNER))
    with pytest.raises(AboveOwnRights):
        check_reset(
            Staff(ME, Role.AGENT, frozenset({Right.MANAGE_PEOPLE})), Staff(OTHER, Role.AGENT, frozenset({Right.ACT_AS}))
        )
