"""Administrators: the provider's staff."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import AfterValidator, Field

from libs.events.catalogue.accounts import AdministratorFacts
from libs.events.commands import asked_by
from libs.service.auth import CurrentStaff
from libs.service.bodies import LeftOut
from libs.service.http import CurrentIdempotency, ExpectedVersion, FastJSON
from libs.service.problems import NotFound, problem_responses
from libs.service.rights import Right, Role
from libs.service.routes import service_router
from services.accounts.administration import may_change, may_create
from services.accounts.api.people import CHANGE_PROBLEMS, CREATION_PROBLEMS, NewPerson, PersonChanges, create_person
from services.accounts.api.rights import PeopleManager
from services.accounts.api.shared import (
    SERVICE,
    Answer,
    CurrentPage,
    Enabled,
    Page,
    PartOfName,
    answer_changed,
    answer_one,
    answer_page,
)
from services.accounts.domain import ADMINISTRATOR
from services.accounts.passwords import NewPassword
from services.accounts.problems import EmailTaken, LastOwner, OwnAccess
from services.accounts.runtime import CurrentAccounts

router = service_router(SERVICE, tags=["administrators"])

Rights = Annotated[list[Right], AfterValidator(lambda rights: sorted(set(rights)))]


class NewAdministrator(NewPerson):
    """A member of the provider's staff. `rights` are those beyond the role's."""

    password: NewPassword
    role: Role = Role.AGENT
    rights: Rights = Field(default_factory=list)


class AdministratorChanges(PersonChanges):
    """An edit of an administrator; `rights` replaces all that they have beyond the role's."""

    role: Role = LeftOut
    rights: Rights = LeftOut


class Administrator(Answer, AdministratorFacts):
    """An administrator as they are now."""


@router.post("/administrators", status_code=201, response_model=Administrator, responses=CREATION_PROBLEMS)
async def create_administrator(
    body: NewAdministrator,
    request: Request,
    accounts: CurrentAccounts,
    caller: PeopleManager,
    idempotency: CurrentIdempotency,
) -> FastJSON:
    """Create an administrator; nobody gives more than they have. The password is no part of what a retry is compared by."""
    check = may_create(caller.user_id, body.model_dump(exclude={"password"}))
    return await create_person(ADMINISTRATOR, body, request, accounts, caller, idempotency, check)


@router.get("/administrators", response_model=Page[Administrator])
async def list_administrators(
    accounts: CurrentAccounts,
    _: CurrentStaff,
    page: CurrentPage,
    name: PartOfName = None,
    role: Annotated[Role | None, Query()] = None,
    enabled: Enabled = None,
) -> FastJSON:
    """List administrators by name."""
    return await answer_page(accounts, ADMINISTRATOR.name, page, name=name, role=role, enabled=enabled)


@router.get("/administrators/{administrator_id}", response_model=Administrator, responses=problem_responses(NotFound))
async def get_administrator(administrator_id: UUID, accounts: CurrentAccounts, _: CurrentStaff) -> FastJSON:
    """Show an administrator."""
    return await answer_one(accounts, ADMINISTRATOR.name, administrator_id)


@router.patch(
    "/administrators/{administrator_id}",
    response_model=Administrator,
    responses={**CHANGE_PROBLEMS, **problem_responses(EmailTaken, OwnAccess, LastOwner)},
)
async def change_administrator(
    administrator_id: UUID,
    body: AdministratorChanges,
    accounts: CurrentAccounts,
    caller: PeopleManager,
    expected: ExpectedVersion,
) -> FastJSON:
    """Change an administrator, whose rights are within one's own before and after."""
    if body.enabled is False and administrator_id == caller.user_id:
        raise OwnAccess
    changes: dict[str, Any] = body.facts()
    outcome = await accounts.commands.change_person(
        ADMINISTRATOR,
        administrator_id,
        changes,
        body.password,
        asked_by(caller),
        expected,
        may_change(caller.user_id, administrator_id, changes),
    )
    return answer_changed(outcome)
