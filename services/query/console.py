"""The web client, as files that were built before: whatever path names none of them is one of its pages.

All of it is read once, when the service starts. Pages get a Content-Security-Policy that runs no script and no style but
ours; the styles that the component library makes while it runs carry the nonce that the page was given.
"""

import hashlib
import mimetypes
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from libs.service.problems import NotFound

PAGE = "index.html"
NONCE = "__CSP_NONCE__"
_HASHED = "assets/"
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'nonce-{nonce}'",
    "img-src": "'self' blob: data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_POLICY = "; ".join(f"{name} {sources}" for name, sources in _DIRECTIVES.items())
_SECURE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ABSENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Helpdesk</title>
<h1>The console has not been built</h1><p>The services run. <code>make console</code> builds it.</p></html>"""


@dataclass(frozen=True)
class File:
    """A file in every form that it may be sent in."""

    media_type: str
    plain: bytes
    encoded: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.plain).hexdigest()[:32]}"'


class Console:
    """What is in the folder of a build; nothing, if there is none."""

    def __init__(self, folder: Path) -> None:
        self._page = (folder / PAGE).read_text() if (folder / PAGE).is_file() else None
        self._files = dict(_read(folder)) if self._page else {}

    def answer(self, request: Request) -> Response:
        """A file, or the page that shows what the path is about; NotFound for a file that there is not."""
        path = request.path_params["path"]
        if file := self._files.get(path):
            return _sent(file, request, is_hashed=path.startswith(_HASHED))
        if path.startswith(_HASHED) or "." in path.rpartition("/")[2]:
            raise NotFound
        return self._shown()

    def _shown(self) -> Response:
        nonce = secrets.token_urlsafe(16)
        headers = {**_SECURE, "Cache-Control": "no-cache", "Content-Security-Policy": _POLICY.format(nonce=nonce)}
        if self._page is None:
            return HTMLResponse(_ABSENT, 503, headers)
        return HTMLResponse(self._page.replace(NONCE, nonce), headers=headers)


class ConsoleRoute(Route):
    """Everything that is no service's: unknown paths below /api/ stay problems."""

    def __init__(self, console: Console) -> None:
        async def endpoint(request: Request) -> Response:
            return console.answer(request)

        super().__init__("/{path:path}", endpoint, methods=["GET"], include_in_schema=False)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            return Match.NONE, {}
        return super().matches(scope)


def _read(folder: Path) -> Iterator[tuple[str, File]]:
    for file in folder.rglob("*"):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and name != PAGE and not name.startswith(".") and file.suffix not in _ENCODINGS.values():
            yield name, _file(file)


def _file(file: Path) -> File:
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    forms = {name: file.with_name(file.name + ending) for name, ending in _ENCODINGS.items()}
    return File(
        media_type, file.read_bytes(), {name: form.read_bytes() for name, form in forms.items() if form.exists()}
    )


def _sent(file: File, request: Request, *, is_hashed: bool) -> Response:
    caching = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
    headers = {**_SECURE, "Cache-Control": caching, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=headers)
    accepted = {word.partition(";")[0].strip() for word in request.headers.get("accept-encoding", "").split(",")}
    for name, content in file.encoded.items():
        if name in accepted:
            return Response(content, headers={**headers, "Content-Encoding": name}, media_type=file.media_type)
    return Response(file.plain, headers=headers, media_type=file.media_type)
