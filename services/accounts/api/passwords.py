"""One's own password, and links by which others set theirs."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr
from starlette.responses import Response

from libs.events.commands import asked_by
from libs.service.auth import require, require_right
from libs.service.bodies import Body, Flag
from libs.service.http import FastJSON
from libs.service.problems import NotFound, TooManyRequests, problem_responses
from libs.service.rights import Right
from libs.service.routes import service_router
from services.accounts import password_changes
from services.accounts.api.own import OwnSession, visitor
from services.accounts.api.shared import SERVICE
from services.accounts.emails import Email
from services.accounts.passwords import NewPassword, TypedPassword
from services.accounts.problems import AboveOwnRights, NotEnabled, OwnPassword, ResetRefused, WrongPassword
from services.accounts.runtime import CurrentAccounts

PUBLIC = [f"/api/{SERVICE}/password-resets/redeem", f"/api/{SERVICE}/password-resets/request"]

router = service_router(SERVICE, tags=["passwords"])


class PasswordChange(Body):
    """A new password, and the present one as proof."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"present_password": "correct horse", "password": "battery staple"}]}
    )

    present_password: TypedPassword
    password: NewPassword


class NewReset(Body):
    """Whose password is to be set."""

    person_id: UUID = Field(
        description="A client user, or an administrator who may do no more than oneself",
        examples=["01980000-0000-7000-8000-00000000a002"],
    )
    by_mail: Flag = Field(False, description="Send the link to the person instead of showing its token")


class ShownReset(BaseModel):
    """Hand the token to the person: it is good for one password, and an earlier one is void."""

    person_id: UUID
    token: str | None = Field(description="Shown only this once; null if it goes by mail", examples=["hdp_…"])
    expires_at: AwareDatetime


class Forgotten(Body):
    """Whose password is forgotten."""

    email: Email


class Link(BaseModel):
    """What a mail with the link needs."""

    token: str
    name: str
    email: str
    expires_at: AwareDatetime


class Redemption(Body):
    """A new password, and the link's token as proof."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"token": "hdp_…", "password": "battery staple"}]})

    token: Annotated[SecretStr, Field(max_length=password_changes.LONGEST)]
    password: NewPassword


@router.put("/me/password", status_code=204, responses=problem_responses(WrongPassword, TooManyRequests))
async def change_own_password(
    body: PasswordChange, request: Request, accounts: CurrentAccounts, own: OwnSession
) -> Response:
    """Change one's own password. One's other sessions end."""
    await accounts.passwords.change_own(
        own.person,
        own.session,
        body.present_password,
        body.password,
        visitor(request).address,
        asked_by(own.caller),
    )
    return Response(status_code=204)


@router.post(
    "/password-resets",
    status_code=201,
    response_model=ShownReset,
    responses=problem_responses(NotFound, NotEnabled, OwnPassword, AboveOwnRights),
    dependencies=[Depends(require_right(Right.MANAGE_PEOPLE))],
)
async def make_password_reset(body: NewReset, accounts: CurrentAccounts, own: OwnSession) -> FastJSON:
    """Let somebody set a password without the present one: they forgot it, or never had one."""
    make = accounts.passwords.mail_reset if body.by_mail else accounts.passwords.make_reset
    made = await make(body.person_id, own.person, asked_by(own.caller))
    answer = {"person_id": made.person, "token": made.token, "expires_at": made.expires_at}
    return FastJSON(answer, 201, {"Cache-Control": "no-store"})


@router.post(
    "/password-resets/request",
    status_code=202,
    response_class=Response,
    responses=problem_responses(TooManyRequests),
)
async def request_password_reset(body: Forgotten, request: Request, accounts: CurrentAccounts) -> Response:
    """Have a link mailed by which one sets a password. The answer is the same whether anybody has the address or not."""
    await accounts.passwords.mails.ask(body.email, visitor(request).address)
    return Response(status_code=202)


@router.post(
    "/password-resets/{reset_id}/link",
    response_model=Link,
    responses=problem_responses(NotFound),
    dependencies=[Depends(require("service"))],
)
async def tell_password_link(reset_id: UUID, accounts: CurrentAccounts) -> FastJSON:
    """Tell notify what the mail needs; for the suite's own services alone. The same token each time it is asked."""
    link = await accounts.passwords.mails.link(reset_id)
    answer = {"token": link.token.get_secret_value(), "name": link.name, "email": link.email}
    return FastJSON({**answer, "expires_at": link.expires_at}, headers={"Cache-Control": "no-store"})


@router.post("/password-resets/redeem", status_code=204, responses=problem_responses(ResetRefused, TooManyRequests))
async def redeem_password_reset(body: Redemption, request: Request, accounts: CurrentAccounts) -> Response:
    """Set a password by a link, without being signed in. All of the person's sessions end; signing in comes next."""
    await accounts.passwords.redeem(body.token, body.password, visitor(request).address)
    return Response(status_code=204)
