"""The shapes of named views."""

from collections.abc import Iterator
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from libs.service.bodies import Body, Distinct, Flag, LeftOut
from libs.service.parameters import whole_schema
from libs.service.rights import Staff
from libs.service.text import Name
from services.query.domain import views
from services.query.domain.columns import Column
from services.query.domain.orders import Filters, Order, Sort

_ID = "01980000-0000-7000-8000-00000000000"
_EXAMPLE: dict[str, Any] = {
    "name": "Mine, most urgent first",
    "filters": {"responsible_id": ["me"], "waiting": True},
    "sort": "remaining",
    "columns": ["number", "subject", "account", "remaining_seconds"],
}

Columns = Annotated[
    list[Column], Field(max_length=60, description="In this order; none: as the client likes"), Distinct
]
GivenFilters = Annotated[dict[str, Any], WithJsonSchema(whole_schema(Filters))]
"""Filters as a body has them: read by `filters_of`, with JSON's own types."""


class Sharing(Body):
    """Whom a view is for besides its maker: everybody, or these departments; nobody if it says neither."""

    everybody: Flag = False
    department_ids: Annotated[list[UUID], Field(max_length=200), Distinct] = Field([])

    def meant(self) -> views.Sharing:
        return views.Sharing(self.everybody, () if self.everybody else tuple(self.department_ids))


class NewView(Body):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    name: Name
    filters: GivenFilters = Field({})
    sort: Sort = "weight"
    order: Order | None = None
    columns: Columns = Field([])
    sharing: Sharing = Sharing()


class ViewChange(Body):
    """What is to be different; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"example": {"name": "Mine"}})

    name: Name = LeftOut
    filters: GivenFilters = LeftOut
    sort: Sort = LeftOut
    order: Order | None = None
    columns: Columns = LeftOut
    sharing: Sharing = LeftOut


def meant(body: NewView | ViewChange) -> dict[str, Any]:
    """The fields of a view that a body names; all of a new one's."""
    names = body.model_fields_set if isinstance(body, ViewChange) else type(body).model_fields
    given = {name: getattr(body, name) for name in names}
    if "filters" in given:
        given["filters"] = _filters_of(given["filters"])
    if "columns" in given:
        given["columns"] = tuple(given["columns"])
    if "sharing" in given:
        given["sharing"] = given["sharing"].meant()
    return given


def _filters_of(given: dict[str, Any]) -> Filters:
    """By the list's own model, but with the types that JSON has: a query's are all written as text."""
    wrong = [error for name, value in given.items() for error in _mistyped(name, value)]
    try:
        filters = Filters.model_validate(given)
    except ValidationError as error:
        wrong += [dict(one) for one in error.errors(include_url=False, include_context=False)]
        filters = Filters()
    if wrong:
        raise RequestValidationError([{**one, "loc": ("body", "filters", *one["loc"])} for one in wrong])
    return filters


def _mistyped(name: str, value: Any) -> Iterator[dict[str, Any]]:
    kind = bool if name in _FLAGS else str
    values = {(name, place): one for place, one in enumerate(value)} if isinstance(value, list) else {(name,): value}
    for where, one in values.items():
        if one is not None and not isinstance(one, kind):
            yield {
                "type": "type",
                "loc": where,
                "msg": f"Input should be {'true or false' if kind is bool else 'text'}",
            }


_FLAGS = {name for name, field in Filters.model_fields.items() if field.annotation == bool | None}


class ShownSharing(BaseModel):
    everybody: bool
    department_ids: list[UUID]


class View(BaseModel):
    """A named view. `version` is what its ETag says."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": f"{_ID}1",
                "version": 1,
                **_EXAMPLE,
                "order": None,
                "sharing": {"everybody": False, "department_ids": []},
                "owner_id": f"{_ID}2",
                "may_change": True,
                "created_at": "2026-01-05T09:00:00Z",
                "changed_at": "2026-01-05T09:00:00Z",
            }
        }
    )

    id: UUID
    version: int
    name: str
    filters: Annotated[dict[str, Any], WithJsonSchema(whole_schema(Filters))] = Field(
        description="The parameters of the list that it chooses; the others are as the list has them"
    )
    sort: Sort
    order: Order | None
    columns: list[Column]
    sharing: ShownSharing
    owner_id: UUID
    may_change: bool = Field(description="Whether whoever asks may change and delete it")
    created_at: AwareDatetime
    changed_at: AwareDatetime

    @classmethod
    def of(cls, view: views.View, reader: Staff | None) -> Self:
        return cls(
            id=view.id,
            version=view.version,
            name=view.name,
            filters=view.filters.model_dump(mode="json", exclude_unset=True),
            sort=view.sort,
            order=view.order,
            columns=list(view.columns),
            sharing=ShownSharing(everybody=view.sharing.everybody, department_ids=list(view.sharing.department_ids)),
            owner_id=view.owner,
            may_change=reader is not None and view.may_be_changed_by(reader),
            created_at=view.created_at,
            changed_at=view.changed_at,
        )


class ViewList(BaseModel):
    """Views in the order in which whoever asks wants to see them."""

    items: list[View]


class ViewOrder(Body):
    model_config = ConfigDict(json_schema_extra={"example": {"ids": [f"{_ID}2", f"{_ID}1"]}})

    ids: Annotated[list[UUID], Field(max_length=1000), Distinct]


class Counts(BaseModel):
    """How many tickets each view has, for who asks: as many as the list has at that place and instant."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"counts": {f"{_ID}1": 17}, "place": "1:42", "as_of": "2026-01-05T09:00:00Z"}}
    )

    counts: dict[str, int] = Field(description="By the view's id, or the name of a list that everybody has")
    place: str = Field(description="In the sequence of changes; live events after it tell of later ones")
    as_of: AwareDatetime
