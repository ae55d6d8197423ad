"""Customer accounts."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field, StringConstraints
from starlette.responses import Response

from libs.events.catalogue.accounts import AccountFacts, Attitude
from libs.events.commands import asked_by, request_key
from libs.service.bodies import Body, Day, Exact, Flag, LeftOut
from libs.service.http import CurrentIdempotency, ExpectedVersion, FastJSON
from libs.service.problems import NotFound, PreconditionFailed, PreconditionRequired, problem_responses
from libs.service.routes import service_router
from libs.service.text import Name, NotBlank, Storable
from services.accounts.api.rights import Eraser, Manager, Reader
from services.accounts.api.shared import (
    SERVICE,
    Answer,
    Changes,
    CurrentPage,
    Enabled,
    ExternalId,
    OfExternalId,
    Page,
    PartOfName,
    answer_changed,
    answer_created,
    answer_one,
    answer_page,
)
from services.accounts.domain import ACCOUNT
from services.accounts.erasing import erase
from services.accounts.problems import ExternalIdTaken
from services.accounts.runtime import CurrentAccounts

router = service_router(SERVICE, tags=["accounts"])


class ServiceOrdered(Body):
    """Something the account has ordered."""

    product_type: Name = Field(examples=["vps"])
    price: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4), Exact] = Field(
        description="A month", examples=["19.90"]
    )


Services = Annotated[list[ServiceOrdered], Field(max_length=1000, description="In the order given")]
Balance = Annotated[
    Decimal,
    Field(max_digits=14, decimal_places=4),
    Exact,
    Field(description="In the currency of the prices; negative is owed", examples=["-4.5"]),
]
Comment = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000),
    Storable,
    NotBlank,
    Field(description="For the staff alone"),
]


class NewAccount(Body):
    """A customer of the provider."""

    name: Name = Field(examples=["Acme Hosting Customer Ltd"])
    external_id: ExternalId | None = None
    attitude: Attitude = Attitude.NEUTRAL
    group_id: UUID | None = None
    project_id: UUID | None = None
    services: Services = Field(default_factory=list)
    balance: Balance | None = None
    registered_on: Day | None = None
    comment: Comment | None = None
    enabled: Flag = Field(True, description="The users of an account that is not cannot sign in")


class AccountChanges(Changes):
    """An edit of an account; `services` replaces all of them."""

    name: Name = LeftOut
    external_id: ExternalId | None = None
    attitude: Attitude = LeftOut
    group_id: UUID | None = None
    project_id: UUID | None = None
    services: Services = LeftOut
    balance: Balance | None = None
    registered_on: Day | None = None
    comment: Comment | None = None
    enabled: Flag = LeftOut


class Account(Answer, AccountFacts):
    """An account as it is now; `expenses` is the sum of the prices of its services."""


@router.post(
    "/accounts", status_code=201, response_model=Account, responses=problem_responses(ExternalIdTaken, NotFound)
)
async def create_account(
    body: NewAccount,
    request: Request,
    accounts: CurrentAccounts,
    caller: Manager,
    idempotency: CurrentIdempotency,
) -> FastJSON:
    """Register a customer. A retry is told the one that was, or 404 once it has been deleted."""
    outcome = await accounts.commands.create(ACCOUNT, body.model_dump(), asked_by(caller), request_key(idempotency))
    return answer_created(outcome, request)


@router.get("/accounts", response_model=Page[Account])
async def list_accounts(
    accounts: CurrentAccounts,
    _: Reader,
    page: CurrentPage,
    name: PartOfName = None,
    external_id: OfExternalId = None,
    attitude: Annotated[Attitude | None, Query()] = None,
    group_id: Annotated[UUID | None, Query()] = None,
    project_id: Annotated[UUID | None, Query()] = None,
    enabled: Enabled = None,
) -> FastJSON:
    """List accounts by name."""
    return await answer_page(
        accounts,
        ACCOUNT.name,
        page,
        name=name,
        external_id=external_id,
        attitude=attitude,
        group_id=group_id,
        project_id=project_id,
        enabled=enabled,
    )


@router.get("/accounts/{account_id}", response_model=Account, responses=problem_responses(NotFound))
async def get_account(account_id: UUID, accounts: CurrentAccounts, _: Reader) -> FastJSON:
    """Show an account."""
    return await answer_one(accounts, ACCOUNT.name, account_id)


@router.patch(
    "/accounts/{account_id}",
    response_model=Account,
    responses=problem_responses(NotFound, PreconditionFailed, PreconditionRequired, ExternalIdTaken),
)
async def change_account(
    account_id: UUID,
    body: AccountChanges,
    accounts: CurrentAccounts,
    caller: Manager,
    expected: ExpectedVersion,
) -> FastJSON:
    """Change an account."""
    outcome = await accounts.commands.change(ACCOUNT, account_id, body.given(), asked_by(caller), expected)
    return answer_changed(outcome)


@router.delete("/accounts/{account_id}", status_code=204, responses=problem_responses(NotFound))
async def delete_account(account_id: UUID, accounts: CurrentAccounts, caller: Eraser) -> Response:
    """Erase an account with its users, and its tickets in intake, for good. Again, it does nothing."""
    token = await erase(accounts.commands.log, accounts.sessions, account_id, asked_by(caller))
    return Response(status_code=204, headers=token.headers)
