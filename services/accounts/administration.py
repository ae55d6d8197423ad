"""Checks before an administrator is created or changed: one after the other, each with the rights as they are by then."""

from uuid import UUID

from libs.events.catalogue.accounts import AdministratorFacts
from libs.events.log import Executor
from libs.service.problems import Forbidden, NotFound
from libs.service.rights import Right, Staff
from services.accounts.commands import Check
from services.accounts.domain import ADMINISTRATOR, Fields
from services.accounts.domain.administrators import check_change, rights_of
from services.accounts.staff import Administrators
from services.accounts.store import entities
from services.accounts.transactions import alone


def may_create(me: UUID, fields: Fields) -> Check:
    async def check(connection: Executor) -> None:
        manager = await _manager(connection, me)
        after = rights_of(me, AdministratorFacts.model_validate(fields))
        check_change(manager, None, after, other_owners=True)

    return check


def may_change(me: UUID, administrator: UUID, changes: Fields) -> Check:
    async def check(connection: Executor) -> None:
        manager = await _manager(connection, me)
        found = await entities.find(connection, ADMINISTRATOR.name, administrator)
        if found is None:
            raise NotFound
        facts = AdministratorFacts.model_validate_json(found.state)
        before = rights_of(administrator, facts)
        after = rights_of(administrator, facts.model_copy(update=dict(changes)))
        others = await entities.has_other_owner(connection, administrator)
        check_change(manager, before, after, other_owners=others)

    return check


async def _manager(connection: Executor, me: UUID) -> Staff:
    """Who asks; nobody changes administrators at the same time, or two owners could demote each other."""
    await alone(connection, "administrators")
    found = await Administrators(connection).find(me)
    if found is None or not found.enabled or not found.may(Right.MANAGE_PEOPLE):
        raise Forbidden(right=Right.MANAGE_PEOPLE)
    return found
