"""One shape for all that administrators make and change here: list, create, read, change, look back; some can be deleted."""

from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter

from libs.events.catalogue.base import EventData
from libs.events.changes import Difference
from libs.events.commands import Outcome
from libs.service.http import (
    CurrentIdempotency,
    CursorInteger,
    ExpectedVersion,
    decode_cursor,
    encode_cursor,
    format_etag,
)
from libs.service.problems import NotFound
from libs.service.routes import service_router
from services.routing.api.parts import ON_EDIT, ON_ONE, Body, Cursor, Limit, told
from services.routing.api.rights import Editor, Reader
from services.routing.domain.kinds import Kind
from services.routing.runtime import CurrentRouting
from services.routing.store import history, organisation
from services.routing.store.organisation import Entity

F = TypeVar("F", bound=EventData)
T = TypeVar("T")
B = TypeVar("B", bound=Body)

_PLACE: TypeAdapter[tuple[int, UUID]] = TypeAdapter(tuple[CursorInteger, UUID])
_VERSION: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, le=2**31 - 1)])
_NEWEST = 2**31 - 1


class Shown(BaseModel):
    """Something as it is now; `version` is what its ETag says."""

    id: UUID
    version: int


class Page(BaseModel, Generic[T]):
    """Part of a list, in its order; `next_cursor` is null at its end."""

    items: list[T]
    next_cursor: str | None


class Entry(BaseModel):
    """What somebody made of it: each field that is not what it was. A deletion changes none."""

    version: int
    type: str = Field(examples=["department.changed.v1"])
    at: AwareDatetime
    actor: str = Field(description="Who did it", examples=["user:01980000-0000-7000-8000-00000000a003"])
    on_behalf_of: str | None
    changes: list[Difference]


@dataclass(frozen=True)
class Resource(Generic[F]):
    """What there is to know of a kind of things to serve it over HTTP."""

    kind: Kind[F]
    path: str
    """Its collection, as in `/api/routing/<path>`."""
    one: str
    parameter: str
    new: type[Body]
    change: type[Body]
    shown: type[Shown]

    def show(self, entity: Entity) -> Shown:
        """NotFound when it is deleted."""
        facts = self.kind.read(entity.state)
        if facts is None:
            raise NotFound
        return self.shown(id=entity.id, version=entity.version, **facts.model_dump())

    def show_outcome(self, outcome: Outcome) -> Shown:
        return self.show(Entity(outcome.entity, outcome.version, outcome.state))


def resource_router(resource: Resource[F]) -> APIRouter:
    """The routes of a kind of things."""
    kind, path, one = resource.kind, f"/{resource.path}", f"/{resource.path}/{{{resource.parameter}}}"
    shown, a_thing = resource.shown, resource.one
    things = resource.path.replace("-", " ")
    router = service_router("routing", tags=[things])
    identity = Path(alias=resource.parameter)

    @router.get(path, summary=f"List {things}", response_model=Page[shown])  # type: ignore[valid-type]
    async def list_things(
        routing: CurrentRouting, _: Reader, cursor: Cursor = None, limit: Limit = 50
    ) -> dict[str, object]:
        after = decode_cursor(cursor, _PLACE) if cursor else None
        found = await organisation.page(routing.pool, kind.name, after, limit + 1)
        items = [resource.show(entity) for entity in found[:limit]]
        place = found[limit - 1].place if len(found) > limit else None
        return {"items": items, "next_cursor": encode_cursor(place) if place else None}

    @router.post(path, summary=f"Create {a_thing}", status_code=201, response_model=shown)
    async def create_thing(
        body: Annotated[Body, _body_of(resource.new)],
        routing: CurrentRouting,
        caller: Editor,
        idempotency: CurrentIdempotency,
        response: Response,
    ) -> Shown:
        outcome = await routing.commands.create(kind, body.given(), caller, idempotency)
        told(response, outcome)
        response.headers["Location"] = f"/api/routing{path}/{outcome.entity}"
        return resource.show_outcome(outcome)

    @router.get(one, summary=f"Get {a_thing}", response_model=shown, responses=ON_ONE)
    async def get_thing(
        entity: Annotated[UUID, identity], routing: CurrentRouting, _: Reader, response: Response
    ) -> Shown:
        found = resource.show(await _present(routing, kind, entity))
        response.headers["ETag"] = format_etag(found.version)
        return found

    @router.patch(one, summary=f"Change {a_thing}", response_model=shown, responses=ON_EDIT)
    async def change_thing(
        entity: Annotated[UUID, identity],
        body: Annotated[Body, _body_of(resource.change)],
        routing: CurrentRouting,
        caller: Editor,
        expected: ExpectedVersion,
        response: Response,
    ) -> Shown:
        outcome = await routing.commands.change(kind, entity, body.named(), expected, caller)
        told(response, outcome)
        return resource.show_outcome(outcome)

    @router.get(f"{one}/history", summary=f"Tell what became of {a_thing}", responses=ON_ONE)
    async def get_history(
        entity: Annotated[UUID, identity],
        routing: CurrentRouting,
        _: Reader,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Page[Entry]:
        """Tell who changed it, when, and from what to what; the newest first. What was deleted keeps its history."""
        await _present(routing, kind, entity)
        before = decode_cursor(cursor, _VERSION) if cursor else _NEWEST
        found = await history.of(routing.pool, kind, entity, before, limit + 1)
        items = [Entry.model_validate(one) for one in found[:limit]]
        next_cursor = encode_cursor(items[-1].version) if len(found) > limit else None
        return Page[Entry](items=items, next_cursor=next_cursor)

    if kind.deleted:

        @router.delete(one, summary=f"Delete {a_thing}", status_code=204, responses=ON_ONE)
        async def delete_thing(entity: Annotated[UUID, identity], routing: CurrentRouting, caller: Editor) -> Response:
            outcome = await routing.commands.delete(kind, entity, caller)
            return Response(status_code=204, headers=outcome.token.headers)

    return router


def _body_of(model: type[B]) -> Any:
    """A request's body of this type, which is known only when the routes are made."""

    async def read(body: model) -> B:  # type: ignore[valid-type]
        return body

    return Depends(read)


async def _present(routing: CurrentRouting, kind: Kind[F], entity: UUID) -> Entity:
    found = await organisation.find(routing.pool, kind.name, entity)
    if found is None:
        raise NotFound
    return found
