"""What the routes have in common: fields, bodies, answers, pages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends, Query, Request
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, TypeAdapter, WithJsonSchema

from libs.events.commands import Outcome
from libs.events.log import Key
from libs.service.bodies import Body
from libs.service.http import FastJSON, Idempotency, decode_cursor, encode_cursor, format_etag
from libs.service.idempotency import fingerprint
from libs.service.problems import NotFound
from libs.service.text import NOT_BLANK, Storable, Text
from services.accounts.domain import is_deleted
from services.accounts.runtime import Accounts
from services.accounts.store import entities
from services.accounts.store.entities import Entity, PageEnd

SERVICE = "accounts"
MOST_IN_A_PAGE = 200

T = TypeVar("T")


def _number_as_text(value: Any) -> Any:
    """A whole number, as JSON has it, is taken for its digits."""
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return str(int(value)) if is_whole and not isinstance(value, bool) else value


PartOfName = Annotated[Text | None, Query(max_length=200, description="Only names that contain this, in any case")]
ExternalId = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    Storable,
    BeforeValidator(_number_as_text),
    WithJsonSchema({"type": ["string", "integer"], "minLength": 1, "maxLength": 200, "pattern": NOT_BLANK}),
    Field(description="What another system calls it; unique", examples=["10457"]),
]
OfExternalId = Annotated[Text | None, Query(max_length=200, description="Only the one that another system calls so")]
Enabled = Annotated[bool | None, Query(description="Only those that are, or are not, enabled")]


class Changes(Body):
    """What an edit changes; what is left out stays as it is."""

    def given(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class Answer(BaseModel):
    """An entity as it is now; `version` is what its ETag says."""

    id: UUID
    version: int


class Page(BaseModel, Generic[T]):
    """Part of a list, by name; `next_cursor` is null at its end."""

    items: list[T]
    next_cursor: str | None


# --- answers ---------------------------------------------------------------------------------
def answer_created(outcome: Outcome, request: Request, **more: Any) -> FastJSON:
    location = {"Location": f"{request.url.path}/{outcome.entity}"}
    return answer_changed(outcome, status=201, headers=location, **more)


def answer_changed(
    outcome: Outcome, *, status: int = 200, headers: Mapping[str, str] | None = None, **more: Any
) -> FastJSON:
    state = orjson.loads(outcome.state)
    if is_deleted(state):
        raise NotFound  # by now; this is a retry
    body = _body(outcome.entity, outcome.version, state)
    etag = {"ETag": format_etag(outcome.version)}
    return FastJSON({**body, **more}, status, {**(headers or {}), **etag, **outcome.token.headers})


async def answer_one(accounts: Accounts, kind: str, entity: UUID) -> FastJSON:
    found = await entities.find(accounts.pool, kind, entity)
    if found is None:
        raise NotFound
    return FastJSON(entity_body(found), headers={"ETag": format_etag(found.version)})


def entity_body(entity: Entity) -> dict[str, Any]:
    return _body(entity.id, entity.version, json.loads(entity.state))


def _body(entity: UUID, version: int, state: dict[str, Any]) -> dict[str, Any]:
    return {"id": entity, "version": version, **state}


# --- pages -----------------------------------------------------------------------------------
_PAGE_END: TypeAdapter[PageEnd] = TypeAdapter(tuple[Text, UUID])


@dataclass(frozen=True)
class PageRequest:
    limit: int
    after: PageEnd | None


async def page_request(
    limit: Annotated[int, Query(ge=1, le=MOST_IN_A_PAGE)] = 50,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before")] = None,
) -> PageRequest:
    return PageRequest(limit, None if cursor is None else decode_cursor(cursor, _PAGE_END))


CurrentPage = Annotated[PageRequest, Depends(page_request)]


async def answer_page(
    accounts: Accounts, kind: str, page: PageRequest, *, name: str | None = None, **filters: UUID | str | bool | None
) -> FastJSON:
    """Answer a page of a kind; a filter that is None does not narrow."""
    items, cursor = await page_of(accounts, kind, page, name=name, **filters)
    return FastJSON({"items": [entity_body(item) for item in items], "next_cursor": cursor})


async def page_of(
    accounts: Accounts, kind: str, page: PageRequest, *, name: str | None = None, **filters: UUID | str | bool | None
) -> tuple[list[Entity], str | None]:
    """Find the entities of a page, and the cursor behind it; None at the end."""
    narrowed = {key: _as_text(value) for key, value in filters.items() if value is not None}
    if name:
        narrowed |= entities.part_of_name(name)
    found = await entities.page(accounts.pool, kind, narrowed, page.after, page.limit + 1)
    items, more = found[: page.limit], found[page.limit :]
    return items, encode_cursor([items[-1].sort, items[-1].id]) if more else None


def _as_text(value: UUID | str | bool) -> str:  # noqa: FBT001 - as JSON has it, a bool is a value
    return value if isinstance(value, str) else str(value).lower()


def key_without_secrets(idempotency: Idempotency, request: Request, body: BaseModel) -> Key:
    """Answer the command's key with a fingerprint in which passwords are masked.

    It is kept for ever, and a fast hash of a body whose other members are known would give a password away.
    """
    shown = body.model_dump_json(exclude_unset=True).encode()
    return Key(idempotency.key, fingerprint(request.url.path, b"", shown).hex())
