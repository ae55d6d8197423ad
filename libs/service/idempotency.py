"""The `Idempotency-Key` of commands: a retry with the same key is the same command, for ever."""

import hashlib
import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from libs.service.auth import guard, identified
from libs.service.caller import Caller
from libs.service.headers import header, reads
from libs.service.problems import Invalid
from libs.service.routes import route_path

HEADER = "Idempotency-Key"
PARAMETER = header(
    HEADER,
    "New for each command; a retry with the same key is the same command, for ever",
    minLength=1,
    maxLength=200,
    pattern="^[!-~]+$",
)
_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Idempotency:
    """`key`: 32 hex digits for caller, operation and the key they sent; `fingerprint`: of what was asked.

    A known key with another fingerprint is a mistake of the caller's: `KeyReused`.
    """

    key: str
    fingerprint: bytes


class KeyReused(Invalid):
    """This Idempotency-Key was used for another request before."""

    slug = "idempotency-key-reused"


def scoped_key(caller: Caller, operation: str, key: str) -> str:
    """Bind a key to who sent it and for what (method and route): 32 hex digits, which fit a uuid column."""
    scope = "\n".join((caller.actor, caller.on_behalf_of or "", operation, key))
    return hashlib.sha256(scope.encode()).hexdigest()[:32]


def fingerprint(path: str, query: bytes, body: bytes) -> bytes:
    """Hash what was asked: 32 bytes."""
    return hashlib.sha256(b"\n".join((path.encode(), query, body))).digest()


def idempotency_key(request: Request) -> str:
    """Answer the header; Invalid if it is missing or malformed."""
    key = request.headers.get(HEADER)
    if key is None or not _VISIBLE_ASCII.fullmatch(key):
        raise Invalid.at(f"header/{HEADER}", "Send 1 to 200 visible ASCII characters, new for each command")
    return key


@guard
@reads(PARAMETER)
async def require_idempotency(request: Request) -> Idempotency:
    """Identify the caller and the command."""
    caller, key = identified(request), idempotency_key(request)
    operation = f"{request.method} {route_path(request.scope)}"
    asked = fingerprint(request.scope["path"], request.scope["query_string"], await request.body())
    return Idempotency(scoped_key(caller, operation, key), asked)


CurrentIdempotency = Annotated[Idempotency, Depends(require_idempotency)]
