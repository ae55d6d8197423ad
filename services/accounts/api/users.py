"""Client users."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request

from libs.events.catalogue.accounts import UserFacts
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
from services.accounts.domain import USER
from services.accounts.runtime import CurrentAccounts

router = administrators_router("users")


class NewUser(NewPerson):
    """Somebody who may sign in for an account."""

    account_id: UUID


class User(Answer, UserFacts):
    """A client user as they are now."""


@router.post("/users", status_code=201, response_model=User, responses=CREATION_PROBLEMS)
async def create_user(
    body: NewUser,
    request: Request,
    accounts: CurrentAccounts,
    caller: CurrentCaller,
    idempotency: CurrentIdempotency,
) -> FastJSON:
    """Create a user of an account. The password is no part of what a retry is compared by."""
    return await create_person(USER, body, request, accounts, caller, idempotency)


@router.get("/users", response_model=Page[User])
async def list_users(
    accounts: CurrentAccounts,
    page: CurrentPage,
    account_id: Annotated[UUID | None, Query()] = None,
    name: PartOfName = None,
    enabled: Enabled = None,
) -> FastJSON:
    """List client users by name."""
    return await answer_page(accounts, USER.name, page, name=name, account_id=account_id, enabled=enabled)


@router.get("/users/{user_id}", response_model=User, responses=problem_responses(NotFound))
async def get_user(user_id: UUID, accounts: CurrentAccounts) -> FastJSON:
    """Show a client user."""
    return await answer_one(accounts, USER.name, user_id)


@router.patch("/users/{user_id}", response_model=User, responses=CHANGE_PROBLEMS)
async def change_user(
    user_id: UUID,
    body: PersonChanges,
    accounts: CurrentAccounts,
    caller: CurrentCaller,
    expected: ExpectedVersion,
) -> FastJSON:
    """Change a client user."""
    outcome = await accounts.commands.change_person(
        USER, user_id, body.facts(), body.password, asked_by(caller), expected
    )
    return answer_changed(outcome)
