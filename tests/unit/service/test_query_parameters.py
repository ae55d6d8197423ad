"""A route's query parameters as one model, read and documented."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import httpx
import pytest
from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict, Field

from libs.service.parameters import query_model, query_parameters


class Kind(StrEnum):
    """A kind."""

    BIG = "big"


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=200, description="At most")
    kind: Kind | None = None
    ids: tuple[UUID, ...] = ()
    name: str


ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.fixture
async def client() -> httpx.AsyncClient:
    app = FastAPI()

    @app.get("/things")
    async def things(asked: Annotated[Asked, Depends(query_model(Asked))]) -> Asked:
        return asked

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_values_are_read_as_the_fields_say(client: httpx.AsyncClient) -> None:
    answer = await client.get("/things", params={"limit": "7", "kind": "big", "ids": [str(ONE), str(TWO)], "name": "a"})
    assert answer.json() == {"limit": 7, "kind": "big", "ids": [str(ONE), str(TWO)], "name": "a"}


async def test_one_value_makes_a_list_and_the_last_of_others_counts(client: httpx.AsyncClient) -> None:
    answer = await client.get("/things", params={"ids": str(ONE), "name": ["a", "b"]})
    assert answer.json() == {"limit": 50, "kind": None, "ids": [str(ONE)], "name": "b"}


@pytest.mark.parametrize(
    ("query", "field"), [("name=a&limit=0", "limit"), ("name=a&ids=no", "ids"), ("", "name"), ("name=a&nam=b", "nam")]
)
async def test_what_is_wrong_is_named_as_it_was_given(client: httpx.AsyncClient, query: str, field: str) -> None:
    answer = await client.get(f"/things?{query}")
    assert answer.status_code == 422
    assert [error["loc"][:2] for error in answer.json()["detail"]] == [["query", field]]


def test_each_parameter_is_documented_by_itself() -> None:
    documented = {one["name"]: one for one in query_parameters(Asked)}
    assert documented["limit"]["description"] == "At most"
    assert documented["limit"]["schema"]["maximum"] == 200
    assert documented["name"]["required"]
    assert not documented["kind"]["required"]
    assert documented["kind"]["schema"]["anyOf"][0]["enum"] == ["big"], "what is defined elsewhere stands in its place"
    assert documented["ids"]["schema"]["items"] == {"type": "string", "format": "uuid"}
