"""Who somebody is, as sign-in and `me` tell it."""

from typing import Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field

from libs.service.auth import staff_of
from libs.service.caller import Caller, CallerKind
from libs.service.rights import Right, Role


class Identity(BaseModel):
    """Whose rights count; `acting_id` is the administrator who acts as this client.

    `role` and `rights` are an administrator's: all that they may do somewhere.
    """

    kind: CallerKind
    id: str
    name: str | None = None
    email: str | None = None
    account_id: UUID | None = None
    scopes: list[str] = []
    acting_id: str | None = None
    role: Role | None = None
    rights: list[Right] = []


class AccessToken(BaseModel):
    """An access token; send it as `Authorization: Bearer …`."""

    access_token: str
    token_type: Literal["Bearer"] = Field("Bearer", description="As RFC 6750 means it")
    expires_in: int = Field(description="Seconds")
    user: Identity


async def identity_of(
    request: Request, caller: Caller, *, name: str | None = None, email: str | None = None
) -> Identity:
    """`name` and `email` as they are now, if they are known; Forbidden for an administrator who is none any more."""
    staff = await staff_of(request, caller) if caller.kind == "administrator" else None
    return Identity(
        kind=caller.kind,
        id=caller.id,
        name=name or caller.name,
        email=email,
        account_id=caller.account_id,
        scopes=sorted(caller.scopes),
        acting_id=caller.acting,
        role=staff and staff.role,
        rights=sorted(staff.rights) if staff else [],
    )
