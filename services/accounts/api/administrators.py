"""Administrators: the provider's staff."""

from uuid import UUID

from fastapi import Request

from libs.events.catalogue.accounts import AdministratorFacts
from libs.events.commands import asked_by
from libs.service.auth import CurrentCaller
from libs.service.http import CurrentIdempotency, ExpectedVersion, FastJSON
from libs.service.problems import NotFound, problem_responses
from services.accounts.api.people import CHANGE_PROBLEMS, CREATION_PROBLEMS, NewPerson, PersonChanges, create_person
from services.accounts.api.shared import (
    Answer,
    CurrentPage,
    Enabled,
    Page,
    PartOfName,
    administrators_router,
    answer_changed,
    answer_one,
    answer_page,
)
from services.accounts.domain import ADMINISTRATOR
from services.accounts.problems import OwnAccess
from services.accounts.runtime import CurrentAccounts

router = administrators_router("administrators")


class NewAdministrator(NewPerson):
    """A member of the provider's staff."""


class Administrator(Answer, AdministratorFacts):
    """An administrator as they are now."""


@router.post("/administrators", status_code=201, response_model=Administrator, responses=CREATION_PROBLEMS)
async def create_administrator(
    body: NewAdministrator,
    request: Request,
    accounts: CurrentAccounts,
    caller: CurrentCaller,
    idempotency: CurrentIdempotency,
) -> FastJSON:
    """Create an administrator. The password is no part of what a retry is compared by."""
    return await create_person(ADMINISTRATOR, body, request, accounts, caller, idempotency)


@router.get("/administrators", response_model=Page[Administrator])
async def list_administrators(
    accounts: CurrentAccounts,
    page: CurrentPage,
    name: PartOfName = None,
    enabled: Enabled = None,
) -> FastJSON:
    """List administrators by name."""
    return await answer_page(accounts, ADMINISTRATOR.name, page, name=name, enabled=enabled)


@router.get("/administrators/{administrator_id}", response_model=Administrator, responses=problem_responses(NotFound))
async def get_administrator(administrator_id: UUID, accounts: CurrentAccounts) -> FastJSON:
    """Show an administrator."""
    return await answer_one(accounts, ADMINISTRATOR.name, administrator_id)


@router.patch("/administrators/{administrator_id}", response_model=Administrator, responses=CHANGE_PROBLEMS)
async def change_administrator(
    administrator_id: UUID,
    body: PersonChanges,
    accounts: CurrentAccounts,
    caller: CurrentCaller,
    expected: ExpectedVersion,
) -> FastJSON:
    """Change an administrator."""
    if body.enabled is False and administrator_id == caller.user_id:
        raise OwnAccess
    outcome = await accounts.commands.change_person(
        ADMINISTRATOR, administrator_id, body.facts(), body.password, asked_by(caller), expected
    )
    return answer_changed(outcome)
