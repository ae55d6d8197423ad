"""Client users."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field

from libs.events.catalogue.accounts import UserFacts
from libs.events.commands import asked_by
from libs.service.http import CurrentIdempotency, ExpectedVersion, FastJSON
from libs.service.problems import NotFound, problem_responses
from libs.service.routes import service_router
from services.accounts.api.people import CHANGE_PROBLEMS, CREATION_PROBLEMS, NewPerson, PersonChanges, create_person
from services.accounts.api.rights import Manager, Reader
from services.accounts.api.shared import (
    SERVICE,
    Answer,
    CurrentPage,
    Enabled,
    ExternalId,
    OfExternalId,
    Page,
    PartOfName,
    answer_changed,
    answer_one,
    answer_page,
)
from services.accounts.domain import USER
from services.accounts.passwords import NewPassword
from services.accounts.problems import EmailTaken, ExternalIdTaken
from services.accounts.runtime import CurrentAccounts

router = service_router(SERVICE, tags=["users"])

_TAKEN = problem_responses(EmailTaken, ExternalIdTaken)


class NewUser(NewPerson):
    """Somebody who may sign in for an account."""

    account_id: UUID
    external_id: ExternalId | None = None
    password: NewPassword | None = Field(None, description="Left out, they cannot sign in until they have set one")


class UserChanges(PersonChanges):
    """An edit of a client user."""

    external_id: ExternalId | None = None


class User(Answer, UserFacts):
    """A client user as they are now."""


@router.post(
    "/users",
    status_code=201,
    response_model=User,
    responses={**CREATION_PROBLEMS, **_TAKEN, **problem_responses(NotFound)},
)
async def create_user(
    body: NewUser,
    request: Request,
    accounts: CurrentAccounts,
    caller: Manager,
    idempotency: CurrentIdempotency,
) -> FastJSON:
    """Create a user of an account. The password is no part of what a retry is compared by."""
    return await create_person(USER, body, request, accounts, caller, idempotency)


@router.get("/users", response_model=Page[User])
async def list_users(
    accounts: CurrentAccounts,
    _: Reader,
    page: CurrentPage,
    account_id: Annotated[UUID | None, Query()] = None,
    name: PartOfName = None,
    external_id: OfExternalId = None,
    enabled: Enabled = None,
) -> FastJSON:
    """List client users by name."""
    return await answer_page(
        accounts, USER.name, page, name=name, external_id=external_id, account_id=account_id, enabled=enabled
    )


@router.get("/users/{user_id}", response_model=User, responses=problem_responses(NotFound))
async def get_user(user_id: UUID, accounts: CurrentAccounts, _: Reader) -> FastJSON:
    """Show a client user."""
    return await answer_one(accounts, USER.name, user_id)


@router.patch("/users/{user_id}", response_model=User, responses={**CHANGE_PROBLEMS, **_TAKEN})
async def change_user(
    user_id: UUID,
    body: UserChanges,
    accounts: CurrentAccounts,
    caller: Manager,
    expected: ExpectedVersion,
) -> FastJSON:
    """Change a client user."""
    outcome = await accounts.commands.change_person(
        USER, user_id, body.facts(), body.password, asked_by(caller), expected
    )
    return answer_changed(outcome)
