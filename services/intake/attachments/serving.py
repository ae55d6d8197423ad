"""A file on its way out: names in headers (RFC 6266), parts of it (RFC 9110), and nothing a browser would run."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.parse import quote, unquote_to_bytes
from uuid import UUID

import structlog
from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse

from services.intake.attachments.domain import Held, clean_name, is_shown, served_type
from services.intake.attachments.files import FILE_ERRORS, Files, complaint
from services.intake.attachments.problems import RangeRefused, StorageDown

logger = structlog.get_logger()

CHUNK_BYTES = 1 << 20
"""Read at a time: a slow reader keeps so much in memory, and no connection to the store."""

_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    # Rights may end and files be erased, so a browser asks each time; the answer is mostly 304.
    "Cache-Control": "private, no-cache",
    "Accept-Ranges": "bytes",
}


# --- names ----------------------------------------------------------------------------------------

_EXTENDED = re.compile(r"filename\*\s*=\s*(utf-8|iso-8859-1)'[\w-]*'([\w!#$&+.^`|~%-]+)", re.IGNORECASE | re.ASCII)


def named_in(disposition: str) -> str:
    """The file's name in a Content-Disposition header, cleaned; empty if there is none.

    The extended form (RFC 8187) counts before the plain one, as RFC 6266 wants it.
    """
    if found := _EXTENDED.search(disposition):
        try:
            return clean_name(unquote_to_bytes(found[2]).decode(found[1]))
        except UnicodeDecodeError:
            return ""
    parsed = Message()
    parsed["Content-Disposition"] = disposition
    return clean_name(parsed.get_filename(""))


def disposition_of(content_type: str, name: str) -> str:
    """How to present the file: shown in place if that is safe, else to be saved."""
    how = "inline" if is_shown(content_type) else "attachment"
    plain = re.sub(r'[^ !#-\[\]-~]|[%"\\]', "_", name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


# --- ranges ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `start` to `end`, which is exclusive."""

    start: int
    end: int


_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII)


def asked_part(header: str | None, size: int) -> Part | None:
    """The one part asked for; None for the whole, also for several or what is no range, which RFC 9110 lets us ignore.

    Raises RangeRefused when the file ends before it.
    """
    found = _RANGE.fullmatch(header) if header else None
    if found is None or found[1] == found[2] == "":
        return None
    first, last = found[1], found[2]
    if first == "":
        part = Part(max(0, size - int(last)), size)
    elif last and int(last) < int(first):
        return None
    else:
        part = Part(int(first), min(size, int(last) + 1) if last else size)
    if part.start >= part.end:
        raise RangeRefused(headers={"Content-Range": f"bytes */{size}"})
    return part


# --- answering ------------------------------------------------------------------------------------


async def serve(held: Held, files: Files, asked: Headers) -> Response:
    """The file, the part of it, or that it has not changed."""
    etag = f'"{held.sha256.hex()}"'
    headers = {**_SAFE, "ETag": etag}
    if _matches(asked.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = disposition_of(held.content_type, held.name)
    headers["Content-Type"] = served_type(held.content_type)
    may_part = asked.get("if-range") in {None, etag}
    part = asked_part(asked.get("range"), held.size) if may_part else None
    if part is None:
        return await _stream(held.id, files, Part(0, held.size), 200, headers)
    headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{held.size}"
    return await _stream(held.id, files, part, 206, headers)


def _matches(header: str | None, etag: str) -> bool:
    """Weakly, as RFC 9110 wants it for If-None-Match."""
    return header is not None and (header.strip() == "*" or etag in re.findall(r'"[^"]*"', header))


async def _stream(file: UUID, files: Files, part: Part, status: int, headers: Mapping[str, str]) -> Response:
    """The first piece is read before anything is answered, so that a store that fails gets its proper error."""
    try:
        first = await files.read(file, part.start, min(part.end, part.start + CHUNK_BYTES))
    except FILE_ERRORS as error:
        logger.error("attachment_not_read", file=str(file), error=complaint(error))  # noqa: TRY400
        raise StorageDown("The file cannot be read just now") from error
    length = {"Content-Length": str(part.end - part.start)}
    return StreamingResponse(_pieces(file, files, part, first), status, {**headers, **length})


async def _pieces(file: UUID, files: Files, part: Part, first: bytes) -> AsyncIterator[bytes]:
    yield first
    for at in range(part.start + CHUNK_BYTES, part.end, CHUNK_BYTES):
        yield await files.read(file, at, min(part.end, at + CHUNK_BYTES))
