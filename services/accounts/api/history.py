"""What happened to an account, and all that is kept of one."""

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter
from starlette.responses import StreamingResponse

from libs.events.changes import Difference, changes
from libs.service.auth import CurrentStaff
from libs.service.http import FastJSON, decode_cursor, encode_cursor, to_json
from libs.service.problems import NotFound, problem_responses
from libs.service.routes import service_router
from services.accounts.api.rights import PeopleManager
from services.accounts.api.shared import MOST_IN_A_PAGE, SERVICE, entity_body
from services.accounts.domain import ACCOUNT, USER
from services.accounts.domain.history import TOLD_WHOLE
from services.accounts.runtime import Accounts, CurrentAccounts
from services.accounts.store import entities, history
from services.accounts.store.history import Happened

router = service_router(SERVICE, tags=["accounts"])

_NOW = 2**62
"""Behind every position."""
_POSITION: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, le=_NOW)])


class Entry(BaseModel):
    """Something that happened: to the account, to a user of it, or an administrator who acted as one.

    `changes` says what became of which fact; `facts` is what there is to say of an event that changes none.
    """

    id: UUID
    type: str = Field(examples=["account.changed.v1"])
    at: AwareDatetime
    kind: str = Field(description="What it happened to", examples=["account"])
    entity_id: UUID
    actor: str = Field(description="Who did it", examples=["user:01980000-0000-7000-8000-00000000a003"])
    on_behalf_of: str | None
    changes: list[Difference]
    facts: dict[str, Any]


class AccountHistory(BaseModel):
    """The newest first. `names` are those of people and things that the items mention by id."""

    items: list[Entry]
    names: dict[UUID, str]
    next_cursor: str | None


class Export(BaseModel):
    """All that accounts keeps of an account; the history with the newest first."""

    account: dict[str, Any]
    users: list[dict[str, Any]]
    history: list[Entry]


@router.get("/accounts/{account_id}/history", response_model=AccountHistory, responses=problem_responses(NotFound))
async def get_history(
    account_id: UUID,
    accounts: CurrentAccounts,
    _: CurrentStaff,
    limit: Annotated[int, Query(ge=1, le=MOST_IN_A_PAGE)] = 50,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before")] = None,
) -> FastJSON:
    """Tell what happened to an account and its users: when, who did it, for whom, and what it changed."""
    before = _NOW if cursor is None else decode_cursor(cursor, _POSITION)
    await _account(accounts, account_id)
    found = await history.events(accounts.pool, account_id, before, limit + 1)
    items = [_entry(one) for one in found[:limit]]
    names = await history.names_of(accounts.pool, set(_mentioned(items)))
    next_cursor = encode_cursor(found[limit - 1].position) if len(found) > limit else None
    return FastJSON({"items": items, "names": names, "next_cursor": next_cursor})


@router.get("/accounts/{account_id}/export", response_model=Export, responses=problem_responses(NotFound))
async def export_account(account_id: UUID, accounts: CurrentAccounts, _: PeopleManager) -> StreamingResponse:
    """Hand out all that accounts keeps of an account, as it asks for it; its tickets are with intake."""
    account = await _account(accounts, account_id)
    headers = {
        "Content-Disposition": f'attachment; filename="account-{account_id}.json"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_export(accounts, account), media_type="application/json", headers=headers)


async def _account(accounts: Accounts, account_id: UUID) -> entities.Entity:
    found = await entities.find(accounts.pool, ACCOUNT.name, account_id)
    if found is None:
        raise NotFound
    return found


# --- the export, part by part ------------------------------------------------------------------
async def _export(accounts: Accounts, account: entities.Entity) -> AsyncIterator[bytes]:
    yield b'{"account":' + to_json(entity_body(account)) + b',"users":['
    async for part in _joined(_users(accounts, account.id)):
        yield part
    yield b'],"history":['
    async for part in _joined(_events(accounts, account.id)):
        yield part
    yield b"]}"


async def _joined(pages: AsyncIterator[list[dict[str, Any]]]) -> AsyncIterator[bytes]:
    """A page at a time, with commas between all items."""
    comma = b""
    async for page in pages:
        yield comma + b",".join(to_json(item) for item in page)
        comma = b","


async def _users(accounts: Accounts, account: UUID) -> AsyncIterator[list[dict[str, Any]]]:
    end = None
    while page := await entities.page(accounts.pool, USER.name, {"account_id": str(account)}, end, MOST_IN_A_PAGE):
        yield [entity_body(user) for user in page]
        end = (page[-1].sort, page[-1].id)


async def _events(accounts: Accounts, account: UUID) -> AsyncIterator[list[dict[str, Any]]]:
    end = _NOW
    while page := await history.events(accounts.pool, account, end, MOST_IN_A_PAGE):
        yield [_entry(one) for one in page]
        end = page[-1].position


# --- entries -----------------------------------------------------------------------------------
def _entry(one: Happened) -> dict[str, Any]:
    told = one.envelope
    is_whole = told["type"] in TOLD_WHOLE
    return {
        "id": one.id,
        "type": told["type"],
        "at": one.time,
        "kind": one.kind,
        "entity_id": one.entity,
        "actor": told["actor"],
        "on_behalf_of": told.get("onbehalfof"),
        "changes": changes(one.before, told["data"]) if is_whole else [],
        "facts": {} if is_whole else told["data"],
    }


def _mentioned(items: Iterable[dict[str, Any]]) -> Iterator[UUID]:
    for item in items:
        yield item["entity_id"]
        values = [item["actor"], item["on_behalf_of"], *item["facts"].values()]
        values += [value for one in item["changes"] for value in (one["before"], one["after"])]
        yield from filter(None, map(_id_in, values))


def _id_in(value: object) -> UUID | None:
    """The id that a value is, or that an actor like `user:<id>` ends with."""
    try:
        return UUID(value.rpartition(":")[2]) if isinstance(value, str) else None
    except ValueError:
        return None
