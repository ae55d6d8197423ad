"""Categories: the predefined subjects of tickets."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter
from pydantic.config import JsonDict

from libs.service.http import CurrentIdempotency, ExpectedVersion, decode_cursor, format_etag
from libs.service.problems import NotFound
from libs.service.routes import service_router
from libs.service.text import Text
from services.routing.api.parts import (
    ON_EDIT,
    ON_ONE,
    Body,
    Cursor,
    Distinct,
    LeftOut,
    Limit,
    Name,
    created,
    cut,
    told,
)
from services.routing.api.rights import Editor, Reader
from services.routing.domain.kinds import CATEGORY
from services.routing.runtime import CurrentRouting
from services.routing.store import organisation
from services.routing.store.organisation import Entity

ProductType = Annotated[Text, StringConstraints(min_length=1, max_length=100)]
ProductTypes = Annotated[list[ProductType], Field(max_length=200), Distinct]
Order = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]

_EXAMPLE: JsonDict = {
    "name": "Mail",
    "default_department_id": "01980000-0000-7000-8000-00000000d001",
    "product_types": ["hosting"],
    "enabled": True,
    "order": 10,
}


class NewCategory(Body):
    """A predefined subject, and the department that its tickets go to."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    name: Name
    default_department_id: UUID
    product_types: ProductTypes = Field([], description="Open to accounts that have one of these; empty: open to all")
    enabled: bool = True
    order: Order = Field(0, description="Place in the list, ascending")


class CategoryChange(Body):
    """What is to be different; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"example": {"order": 20}})

    name: Name = LeftOut
    default_department_id: UUID = LeftOut
    product_types: ProductTypes = LeftOut
    enabled: bool = LeftOut
    order: Order = LeftOut


class Category(BaseModel):
    """A category as it is now; `version` is what its ETag says."""

    id: UUID
    version: int
    name: str
    default_department_id: UUID
    product_types: list[str]
    enabled: bool
    order: int

    @classmethod
    def of(cls, entity: Entity) -> Self:
        facts = CATEGORY.read(entity.state)
        assert facts is not None
        return cls(id=entity.id, version=entity.version, **facts.model_dump())


class CategoryPage(BaseModel):
    """Categories by their order."""

    items: list[Category]
    next_cursor: str | None


_PLACE = TypeAdapter(tuple[int, UUID])

router = service_router("routing", tags=["categories"])


@router.get("/categories", summary="List categories")
async def list_categories(routing: CurrentRouting, _: Reader, cursor: Cursor = None, limit: Limit = 50) -> CategoryPage:
    """Clients get those open to them from intake, which they submit to: without the departments behind them."""
    after = decode_cursor(cursor, _PLACE) if cursor else None
    found = await organisation.category_page(routing.pool, after, limit + 1)
    items, next_cursor = cut(found, limit, lambda last: (Category.of(last).order, last.id))
    return CategoryPage(items=[Category.of(entity) for entity in items], next_cursor=next_cursor)


@router.post("/categories", summary="Create a category", status_code=201)
async def create_category(
    body: NewCategory, routing: CurrentRouting, caller: Editor, idempotency: CurrentIdempotency, response: Response
) -> Category:
    outcome = await routing.commands.create(CATEGORY, body.model_dump(), caller, idempotency)
    created(response, outcome, "categories")
    return Category.of(Entity(outcome.entity, outcome.version, outcome.state))


@router.get("/categories/{category_id}", summary="Get a category", responses=ON_ONE)
async def get_category(category_id: UUID, routing: CurrentRouting, _: Reader, response: Response) -> Category:
    entity = await organisation.find(routing.pool, CATEGORY.name, category_id)
    if entity is None:
        raise NotFound
    response.headers["ETag"] = format_etag(entity.version)
    return Category.of(entity)


@router.patch("/categories/{category_id}", summary="Change a category", responses=ON_EDIT)
async def change_category(
    category_id: UUID,
    body: CategoryChange,
    routing: CurrentRouting,
    caller: Editor,
    expected: ExpectedVersion,
    response: Response,
) -> Category:
    outcome = await routing.commands.change(CATEGORY, category_id, body.named(), expected, caller)
    told(response, outcome)
    return Category.of(Entity(outcome.entity, outcome.version, outcome.state))
