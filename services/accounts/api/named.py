"""Groups of accounts, and projects: things with nothing but a name."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from libs.events.catalogue.accounts import NamedFacts
from libs.events.commands import asked_by, request_key
from libs.service.bodies import Body, LeftOut
from libs.service.http import CurrentIdempotency, ExpectedVersion, FastJSON
from libs.service.problems import NotFound, PreconditionFailed, PreconditionRequired, problem_responses
from libs.service.routes import service_router
from libs.service.text import Name
from services.accounts.api.rights import Manager, Reader
from services.accounts.api.shared import (
    SERVICE,
    Answer,
    Changes,
    CurrentPage,
    Page,
    PartOfName,
    answer_changed,
    answer_created,
    answer_one,
    answer_page,
)
from services.accounts.domain import GROUP, PROJECT, Kind
from services.accounts.runtime import CurrentAccounts


class NewNamed(Body):
    """A group or project."""

    name: Name


class NamedChanges(Changes):
    """Another name."""

    name: Name = LeftOut


class Named(Answer, NamedFacts):
    """A group or project as it is now."""


def named_router(kind: Kind[NamedFacts], path: str) -> APIRouter:
    router = service_router(SERVICE, tags=[path])
    one = f"/{path}/{{entity_id}}"

    def named(doing: str) -> dict[str, Any]:
        return {"summary": f"{doing} {kind.name}", "operation_id": f"{doing.split(maxsplit=1)[0].lower()}_{kind.name}"}

    @router.post(f"/{path}", status_code=201, response_model=Named, **named("Create a"))
    async def create(
        body: NewNamed,
        request: Request,
        accounts: CurrentAccounts,
        caller: Manager,
        idempotency: CurrentIdempotency,
    ) -> FastJSON:
        outcome = await accounts.commands.create(kind, body.model_dump(), asked_by(caller), request_key(idempotency))
        return answer_created(outcome, request)

    @router.get(f"/{path}", response_model=Page[Named], **named("List by name every"))
    async def list_named(accounts: CurrentAccounts, _: Reader, page: CurrentPage, name: PartOfName = None) -> FastJSON:
        return await answer_page(accounts, kind.name, page, name=name)

    @router.get(one, response_model=Named, responses=problem_responses(NotFound), **named("Show a"))
    async def get(entity_id: UUID, accounts: CurrentAccounts, _: Reader) -> FastJSON:
        return await answer_one(accounts, kind.name, entity_id)

    problems = problem_responses(NotFound, PreconditionFailed, PreconditionRequired)

    @router.patch(one, response_model=Named, responses=problems, **named("Rename a"))
    async def change(
        entity_id: UUID,
        body: NamedChanges,
        accounts: CurrentAccounts,
        caller: Manager,
        expected: ExpectedVersion,
    ) -> FastJSON:
        outcome = await accounts.commands.change(kind, entity_id, body.given(), asked_by(caller), expected)
        return answer_changed(outcome)

    return router


groups = named_router(GROUP, "groups")
projects = named_router(PROJECT, "projects")
