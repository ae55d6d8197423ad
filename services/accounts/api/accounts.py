"""Customer accounts."""

from decimal import Decimal
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field

from libs.events.catalogue.accounts import AccountFacts, Attitude
from libs.events.commands import asked_by, request_key
from libs.service.auth import CurrentCaller
from libs.service.http import CurrentIdempotency, ExpectedVersion, FastJSON
from libs.service.problems import NotFound, PreconditionFailed, PreconditionRequired, problem_responses
from services.accounts.api.shared import (
    Answer,
    Body,
    Changes,
    CurrentPage,
    Enabled,
    Name,
    Page,
    PartOfName,
    administrators_router,
    answer_changed,
    answer_created,
    answer_one,
    answer_page,
)
from services.accounts.domain import ACCOUNT
from services.accounts.runtime import CurrentAccounts

router = administrators_router("accounts")


class ServiceOrdered(Body):
    """Something the account has ordered."""

    product_type: Name = Field(examples=["vps"])
    price: Decimal = Field(ge=0, max_digits=14, decimal_places=4, description="A month", examples=["19.90"])


Services = Annotated[list[ServiceOrdered], Field(max_length=1000)]


class NewAccount(Body):
    """A customer of the provider."""

    name: Name = Field(examples=["Acme Hosting Customer Ltd"])
    attitude: Attitude = Attitude.NEUTRAL
    group_id: UUID | None = None
    project_id: UUID | None = None
    services: Services = Field([], description="In the order given")
    enabled: bool = Field(True, description="The users of an account that is not cannot sign in")


class AccountChanges(Changes):
    """An edit of an account; `services` replaces all of them."""

    NULLABLE: ClassVar = frozenset({"group_id", "project_id"})

    name: Name | None = None
    attitude: Attitude | None = None
    group_id: UUID | None = None
    project_id: UUID | None = None
    services: Services | None = None
    enabled: bool | None = None


class Account(Answer, AccountFacts):
    """An account as it is now; `expenses` is the sum of the prices of its services."""


@router.post("/accounts", status_code=201, response_model=Account)
async def create_account(
    body: NewAccount,
    request: Request,
    accounts: CurrentAccounts,
    caller: CurrentCaller,
    idempotency: CurrentIdempotency,
) -> FastJSON:
    """Register a customer."""
    outcome = await accounts.commands.create(ACCOUNT, body.model_dump(), asked_by(caller), request_key(idempotency))
    return answer_created(outcome, request)


@router.get("/accounts", response_model=Page[Account])
async def list_accounts(
    accounts: CurrentAccounts,
    page: CurrentPage,
    name: PartOfName = None,
    group_id: Annotated[UUID | None, Query()] = None,
    project_id: Annotated[UUID | None, Query()] = None,
    enabled: Enabled = None,
) -> FastJSON:
    """List accounts by name."""
    return await answer_page(
        accounts, ACCOUNT.name, page, name=name, group_id=group_id, project_id=project_id, enabled=enabled
    )


@router.get("/accounts/{account_id}", response_model=Account, responses=problem_responses(NotFound))
async def get_account(account_id: UUID, accounts: CurrentAccounts) -> FastJSON:
    """Show an account."""
    return await answer_one(accounts, ACCOUNT.name, account_id)


@router.patch(
    "/accounts/{account_id}",
    response_model=Account,
    responses=problem_responses(NotFound, PreconditionFailed, PreconditionRequired),
)
async def change_account(
    account_id: UUID,
    body: AccountChanges,
    accounts: CurrentAccounts,
    caller: CurrentCaller,
    expected: ExpectedVersion,
) -> FastJSON:
    """Change an account."""
    outcome = await accounts.commands.change(ACCOUNT, account_id, body.given(), asked_by(caller), expected)
    return answer_changed(outcome)
