"""The keys that access tokens are signed with, and their rotation."""

from typing import Annotated

from fastapi import Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from libs.events.commands import asked_by
from libs.service.auth import require_right
from libs.service.caller import Caller
from libs.service.http import FastJSON
from libs.service.rights import Right
from libs.service.routes import service_router
from services.accounts.api.shared import SERVICE
from services.accounts.domain import signing_keys as domain
from services.accounts.runtime import Accounts, CurrentAccounts

router = service_router(SERVICE, tags=["signing-keys"])

SettingsManager = Annotated[Caller, Depends(require_right(Right.MANAGE_SETTINGS))]


class SigningKey(BaseModel):
    """A key that tokens are checked with. Its private part stays here."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01980000-0000-7000-8000-00000000b101",
                    "made_at": "2026-01-05T09:00:00Z",
                    "signs_from": "2026-01-05T10:00:00Z",
                    "signs": True,
                    "retires_at": None,
                }
            ]
        }
    )

    id: str
    made_at: AwareDatetime
    signs_from: AwareDatetime = Field(description="By then every service knows it")
    signs: bool = Field(description="Whether new tokens are signed by it")
    retires_at: AwareDatetime | None = Field(
        description="When the last of its tokens has expired, if another follows it"
    )


class SigningKeys(BaseModel):
    """The keys in the order in which they sign."""

    items: list[SigningKey]


@router.get("/signing-keys", response_model=SigningKeys)
async def list_signing_keys(accounts: CurrentAccounts, _: SettingsManager) -> FastJSON:
    """List the keys that tokens are checked with."""
    return FastJSON({"items": [_shown(accounts, key) for key in accounts.keys.known]})


@router.post("/signing-keys", status_code=201, response_model=SigningKey)
async def rotate_signing_key(accounts: CurrentAccounts, caller: SettingsManager) -> FastJSON:
    """Put a new key in the place of the one that signs; nobody is signed out.

    It is told now and signs later. Another call before that answers the same key, so that a retry is harmless.
    """
    key = await accounts.keys.rotate(asked_by(caller))
    return FastJSON(_shown(accounts, key), 201)


def _shown(accounts: Accounts, key: domain.SigningKey) -> dict[str, object]:
    keys, now = accounts.keys.known, accounts.sessions.clock.now()
    return {
        "id": key.id,
        "made_at": key.made_at,
        "signs_from": key.signs_from,
        "signs": key == domain.signer(keys, now),
        "retires_at": domain.retires_at(keys, key),
    }
