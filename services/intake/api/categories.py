"""The categories that an account may choose from; which department is behind one is nobody's business here."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from libs.service.http import FastJSON
from libs.service.problems import Forbidden, Invalid
from libs.service.routes import service_router
from services.intake.api.models import Categories
from services.intake.api.parts import SUBMIT, Anybody
from services.intake.domain.asker import Asker
from services.intake.runtime import CurrentIntake

router = service_router("intake", tags=["categories"])


@router.get("/categories", response_model=Categories, summary="List the categories to choose from")
async def list_categories(
    asker: Anybody,
    intake: CurrentIntake,
    account_id: Annotated[
        UUID | None, Query(description="Whose; administrators and systems name it, clients get their own account's")
    ] = None,
) -> Response:
    return FastJSON({"items": await intake.submitting.categories(_account_of(asker, account_id))})


def _account_of(asker: Asker, named: UUID | None) -> UUID:
    if asker.is_client:
        if named not in {None, asker.caller.account_id} or asker.caller.account_id is None:
            raise Forbidden("Clients choose for their own account")
        return asker.caller.account_id
    if asker.staff is None and not asker.caller.may(SUBMIT):
        raise Forbidden(scope=SUBMIT)
    if named is None:
        raise Invalid.at("query/account_id", "Name the account that is to choose")
    return named
