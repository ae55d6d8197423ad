"""Categories: the predefined subjects of tickets."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from libs.events.catalogue.routing import CategoryFacts
from libs.service.bodies import Distinct, Flag, LeftOut
from libs.service.text import Name, Text
from services.routing.api.parts import Body, Order
from services.routing.api.resources import Resource, Shown, resource_router
from services.routing.domain.kinds import CATEGORY

ProductType = Annotated[Text, StringConstraints(min_length=1, max_length=100)]
ProductTypes = Annotated[list[ProductType], Field(max_length=200), Distinct]

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
    enabled: Flag = True
    order: Order = 0
    project_id: UUID | None = Field(None, description="Open to the accounts of this project only; null: of all")


class CategoryChange(Body):
    """What is to be different; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"example": {"order": 20}})

    name: Name = LeftOut
    default_department_id: UUID = LeftOut
    product_types: ProductTypes = LeftOut
    enabled: Flag = LeftOut
    order: Order = LeftOut
    project_id: UUID | None = None


class Category(Shown, CategoryFacts):
    """A category as it is now; `version` is what its ETag says."""


CATEGORIES = Resource(CATEGORY, "categories", "a category", "category_id", NewCategory, CategoryChange, Category)
router = resource_router(CATEGORIES)
