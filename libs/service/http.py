"""Small parts of the HTTP contract: versions as ETags, page cursors, consistency tokens, fast JSON."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError
from starlette.requests import HTTPConnection
from starlette.responses import Response

from libs.service.headers import header, reads
from libs.service.idempotency import (
    CurrentIdempotency,
    Idempotency,
    KeyReused,
    idempotency_key,
    require_idempotency,
    scoped_key,
)
from libs.service.problems import Invalid, PreconditionFailed, PreconditionRequired

__all__ = [
    "CONSISTENCY_HEADER",
    "CONSISTENCY_PATTERN",
    "IF_MATCH",
    "LAST_VERSION",
    "ConsistencyToken",
    "CurrentIdempotency",
    "CursorInstant",
    "CursorInteger",
    "CursorPosition",
    "ExpectedVersion",
    "FastJSON",
    "Idempotency",
    "JSONBytes",
    "KeyReused",
    "decode_cursor",
    "encode_cursor",
    "format_etag",
    "idempotency_key",
    "parse_if_match",
    "require_idempotency",
    "scoped_key",
    "to_json",
]

T = TypeVar("T")
CONSISTENCY_HEADER = "Consistency-Token"


class JSONBytes(Response):
    """A body that is JSON already, as PostgreSQL built it."""

    media_type = "application/json"


class FastJSON(Response):
    """Data as JSON by orjson: UUIDs, dataclasses, aware datetimes with `Z`; no pydantic models."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return to_json(content)


def to_json(content: Any) -> bytes:
    return orjson.dumps(content, default=_plain, option=orjson.OPT_UTC_Z)


def _plain(value: object) -> object:
    """Make plain what orjson leaves to us: asyncpg's subclass of UUID, named tuples."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


# --- versions --------------------------------------------------------------------------------
def format_etag(version: int) -> str:
    return f'"{version}"'


LAST_VERSION = 2**31 - 1
"""Versions are counted in PostgreSQL's integers."""
IF_MATCH = header(
    "If-Match", "The ETag the change is based on, or *", anyOf=[{"const": "*"}, {"pattern": '^"[0-9]{1,10}"$'}]
)


def parse_if_match(stated: str) -> int | None:
    """Answer the version that is asked for, None for `*`; PreconditionFailed for a tag that cannot match."""
    if stated.strip() == "*":
        return None
    tag = re.fullmatch(r'\s*"(\d{1,10})"\s*', stated, re.ASCII)
    if tag and (version := int(tag[1])) <= LAST_VERSION:
        return version
    raise PreconditionFailed("If-Match takes one strong tag as the ETag header gave it, or *")


@reads(IF_MATCH)
async def expected_version(connection: HTTPConnection) -> int | None:
    stated = connection.headers.get("if-match")
    if stated is None:
        raise PreconditionRequired
    return parse_if_match(stated)


ExpectedVersion = Annotated[int | None, Depends(expected_version)]
"""The version an edit is based on; None = any (`If-Match: *`)."""


# --- cursors ---------------------------------------------------------------------------------
# Anybody can write a cursor, so that what is in one has to be what PostgreSQL and Python can reckon with.
CursorInstant = Annotated[
    AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))
]
CursorInteger = Annotated[int, Field(ge=-(2**31), lt=2**31)]
CursorPosition = Annotated[int, Field(ge=0, le=2**60)]


def encode_cursor(value: Any) -> str:
    """Make an opaque text of a page's end (anything orjson takes)."""
    return base64.urlsafe_b64encode(to_json(value)).decode().rstrip("=")


def decode_cursor(cursor: str, kind: TypeAdapter[T]) -> T:
    """Read a cursor back as `kind`; Invalid if it is not one that `encode_cursor` made of such a value."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return kind.validate_json(raw)
    except (binascii.Error, ValidationError, ValueError) as error:
        raise Invalid.at("query/cursor", "This is not a cursor of this list") from error


# --- consistency -----------------------------------------------------------------------------
CONSISTENCY_PATTERN = r"^[a-z]{1,32}\.[A-Za-z0-9-]{1,64}\.[0-9]{1,18}$"


@dataclass(frozen=True, slots=True)
class ConsistencyToken:
    """A position in a service's log, `<service>.<epoch>.<position>`: what a command answers."""

    service: str
    epoch: str
    position: int

    def __str__(self) -> str:
        return f"{self.service}.{self.epoch}.{self.position}"

    @property
    def headers(self) -> dict[str, str]:
        return {CONSISTENCY_HEADER: str(self)}

    @classmethod
    def parse(cls, text: str, pointer: str = f"header/{CONSISTENCY_HEADER}") -> Self:
        """Read a token; Invalid, naming `pointer`, if it is none."""
        if re.fullmatch(CONSISTENCY_PATTERN, text):
            service, epoch, position = text.split(".")
            return cls(service, epoch, int(position))
        raise Invalid.at(pointer, "This is not a consistency token")
