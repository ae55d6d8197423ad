"""Who may make whom an administrator of what kind. Pure."""

from uuid import UUID

from libs.events.catalogue.accounts import AdministratorFacts
from libs.service.rights import GENERAL_RIGHTS, Right, Role, Staff
from services.accounts.problems import AboveOwnRights, LastOwner


def rights_of(administrator: UUID, facts: AdministratorFacts) -> Staff:
    """Their rights as accounts knows them: it knows of no departments."""
    return Staff(administrator, facts.role, frozenset(facts.rights), facts.enabled)


def check_change(me: Staff, before: Staff | None, after: Staff, *, other_owners: bool) -> None:
    """Raise a problem unless `me` may make this of an administrator; `before` is None for a new one.

    Nobody gives, changes or takes over what is above them, and somebody is left who may do everything.
    """
    if not all(me.covers(one) for one in (before, after) if one is not None):
        raise AboveOwnRights
    if before is not None and _is_owner(before) and not _is_owner(after) and not other_owners:
        raise LastOwner


def may_erase(me: Staff) -> bool:
    """Whether they may erase an account, which no single right given to them makes them: their role must."""
    return me.enabled and Right.MANAGE_PEOPLE in GENERAL_RIGHTS[me.role]


def _is_owner(staff: Staff) -> bool:
    return staff.enabled and staff.role is Role.OWNER
