"""ETags, cursors, consistency tokens, JSON."""

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import pytest
from asyncpg.pgproto import pgproto
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import AwareDatetime, TypeAdapter

from libs.service.http import (
    LAST_VERSION,
    ConsistencyToken,
    ExpectedVersion,
    FastJSON,
    JSONBytes,
    decode_cursor,
    encode_cursor,
    format_etag,
    parse_if_match,
    to_json,
)
from libs.service.problems import Invalid, PreconditionFailed
from libs.service.routes import service_router
from tests.unit.service.service_builders import Serving

router = service_router("intake")


class End(NamedTuple):
    """The end of a page, and the instant its list is computed for."""

    at: AwareDatetime
    weight: int
    id: UUID


ENDS = TypeAdapter(End)
ends = st.builds(End, st.datetimes(timezones=st.just(UTC)), st.integers(-(2**63), 2**63 - 1), st.uuids())


@router.patch("/tickets/{ticket}")
async def edit(ticket: int, version: ExpectedVersion) -> FastJSON:
    return FastJSON({"ticket": ticket, "version": version})


@router.get("/raw")
async def raw() -> JSONBytes:
    return JSONBytes(b'{"built":"by PostgreSQL"}')


PUBLIC = ("/api/intake/tickets/{ticket}", "/api/intake/raw")


@given(st.integers(0, LAST_VERSION))
def test_an_etag_comes_back_as_the_version(version: int) -> None:
    assert parse_if_match(format_etag(version)) == version


@pytest.mark.parametrize(
    "tag", ["7", 'W/"7"', '"7", "8"', '"a"', '"-1"', '""', '"٣"', f'"{LAST_VERSION + 1}"', f'"{"9" * 19}"']
)
def test_a_tag_we_never_gave_matches_nothing(tag: str) -> None:
    with pytest.raises(PreconditionFailed):
        parse_if_match(tag)


@pytest.mark.parametrize(
    ("tag", "told"), [('"7"', (200, 7)), ("*", (200, None)), ('"x"', (412, None)), (None, (428, None))]
)
async def test_an_edit_says_what_it_is_based_on(
    serving: Serving, tag: str | None, told: tuple[int, int | None]
) -> None:
    async with serving(router, public=PUBLIC) as client:
        answer = await client.patch("/api/intake/tickets/1", headers={"If-Match": tag} if tag else {})
    assert (answer.status_code, answer.json().get("version")) == told


async def test_the_documentation_says_what_an_edit_has_to_send(serving: Serving) -> None:
    async with serving(router, public=PUBLIC) as client:
        paths = (await client.get("/api/intake/openapi.json")).json()["paths"]
    (stated,) = [one for one in paths["/api/intake/tickets/{ticket}"]["patch"]["parameters"] if one["in"] == "header"]
    assert (stated["name"], stated["required"]) == ("If-Match", True)
    fits = Draft202012Validator(stated["schema"]).is_valid
    assert [fits(tag) for tag in ("*", '"7"', "7", 'W/"7"', "")] == [True, True, False, False, False]


@given(ends)
def test_a_cursor_comes_back_as_it_was(end: End) -> None:
    cursor = encode_cursor(end)
    assert decode_cursor(cursor, ENDS) == end
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(ends, st.integers(0), st.integers(0, 255))
def test_a_cursor_that_was_tampered_with_is_refused_or_still_of_its_kind(end: End, place: int, other: int) -> None:
    cursor = encode_cursor(end)
    place %= len(cursor)
    changed = cursor[:place] + chr(other) + cursor[place + 1 :]
    with suppress(Invalid):
        assert isinstance(decode_cursor(changed, ENDS), End)


@pytest.mark.parametrize("cursor", ["", "x", "====", "ü", encode_cursor([1, 2]), encode_cursor({"at": 1}), "a" * 5000])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor(cursor, ENDS)


tokens = st.builds(
    ConsistencyToken,
    st.sampled_from(["intake", "sla"]),
    st.uuids().map(str) | st.from_regex(r"\A[A-Za-z0-9]{1,64}\Z"),
    st.integers(0, 10**18 - 1),
)


@given(tokens)
def test_a_consistency_token_comes_back_as_it_was(token: ConsistencyToken) -> None:
    assert ConsistencyToken.parse(token.headers["Consistency-Token"]) == token


@pytest.mark.parametrize(
    "text", ["", "intake", "intake.e", "intake.e.", "intake.e.-1", "In.e.1", "intake.e.1\n", "intake.e.1.2", "a..1"]
)
def test_what_is_no_consistency_token_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        ConsistencyToken.parse(text)


def test_json_has_instants_with_z_and_ids_of_any_make() -> None:
    text = "0199aaaa-0000-7000-8000-000000000001"
    data = {"at": datetime(2026, 1, 5, 9, tzinfo=UTC), "ids": [UUID(text), pgproto.UUID(text)]}
    assert to_json(data) == f'{{"at":"2026-01-05T09:00:00Z","ids":["{text}","{text}"]}}'.encode()
    with pytest.raises(TypeError):
        to_json(Decimal(1))


async def test_json_built_elsewhere_goes_out_as_it_is(serving: Serving) -> None:
    async with serving(router, public=PUBLIC) as client:
        answer = await client.get("/api/intake/raw")
    assert (answer.headers["content-type"], answer.content) == ("application/json", b'{"built":"by PostgreSQL"}')
