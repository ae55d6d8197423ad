"""The helpdesk's HTTP API, as scripts of the deployment use it: patient, as news takes a moment between services."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from deploy.local.stack import SERVICES

PATIENCE_SECONDS = 20.0
_PAUSE_SECONDS = 0.05
# A service that has not heard of a person, a key or a department yet answers as if there were none.
_PERHAPS_NO_NEWS_YET = {401, 403, 404, 422, 502, 503}


class Refused(Exception):
    """The helpdesk said no; `problem` is its problem document."""

    def __init__(self, answer: httpx.Response) -> None:
        is_problem = answer.headers.get("content-type", "").startswith("application/problem+json")
        self.status = answer.status_code
        self.problem: dict[str, Any] = answer.json() if is_problem else {"detail": answer.text[:200]}
        super().__init__(f"{answer.request.method} {answer.request.url}: {self.status} {self.problem}")


class Helpdesk:
    """Where the services answer: `urls` by their names, without a slash at the end. Good for several threads."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self.urls = urls
        # A proxy of this machine has no business between us and the helpdesk.
        self._http = httpx.Client(timeout=30, trust_env=False)

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def sign_in(self, **credentials: str) -> "Caller":
        """Sign in by `email` and `password` or by `api_key`; Refused at once if they are not good."""
        session = self.request("POST", "/api/accounts/session", json=credentials, patience=0).json()
        return Caller(self, session["access_token"], session["user"])

    def request(self, method: str, path: str, *, patience: float = PATIENCE_SECONDS, **options: Any) -> httpx.Response:
        """Answer a success; what may only be for want of news is tried again for `patience` seconds."""
        url = self.urls[path.split("/")[2]] + path
        deadline = time.monotonic() + patience
        while True:
            answer = self._http.request(method, url, **options)
            if answer.is_success:
                return answer
            if answer.status_code not in _PERHAPS_NO_NEWS_YET or time.monotonic() > deadline:
                raise Refused(answer)
            time.sleep(_PAUSE_SECONDS)


class Caller:
    """Somebody who is signed in. A path begins with `/api/<service>/`."""

    def __init__(self, helpdesk: Helpdesk, token: str, identity: Mapping[str, Any]) -> None:
        self.identity = identity
        self._helpdesk = helpdesk
        self._authorization = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **parameters: Any) -> httpx.Response:
        return self._request("GET", path, params=parameters)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        """Send a command, whatever the version is; with the same key for the same command, it is carried out once."""
        return self._request("POST", path, {"If-Match": "*", **({"Idempotency-Key": key} if key else {})}, json=body)

    def put(self, path: str, body: Any) -> httpx.Response:
        return self._request("PUT", path, json=body)

    def patch(self, path: str, body: Any) -> httpx.Response:
        """Change it, whatever its version is."""
        return self._request("PATCH", path, {"If-Match": "*"}, json=body)

    def delete(self, path: str) -> httpx.Response:
        return self._request("DELETE", path)

    def upload(self, path: str, name: str, content: bytes, *, key: str) -> httpx.Response:
        """Send a file; with the same key for the same file, it is kept once."""
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        headers = {"Idempotency-Key": key, "Content-Disposition": disposition}
        return self._request("POST", path, headers, content=content)

    @contextmanager
    def acting_as(self, user: str) -> "Iterator[Caller]":
        """Act as a client user until the block ends: in each session, as one at a time."""
        session = self.post("/api/accounts/act-as", {"user_id": user}).json()
        client = Caller(self._helpdesk, session["access_token"], session["user"])
        try:
            yield client
        finally:
            client.delete("/api/accounts/act-as")

    def items(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Answer a whole list, page by page if it has pages."""
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, limit=200, **parameters, **cursor).json()
            yield from page["items"]
            if page.get("next_cursor") is None:
                return
            cursor = {"cursor": page["next_cursor"]}

    def _request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        return self._helpdesk.request(method, path, headers={**self._authorization, **(headers or {})}, **options)


def urls_from_environment(usual: str = "http://127.0.0.1:8080") -> dict[str, str]:
    """Answer the services' base URLs by `HELPDESK_<SERVICE>_URL`, as services themselves are told them."""
    return {name: os.environ.get(f"HELPDESK_{name.upper()}_URL", usual).rstrip("/") for name in SERVICES}


def first_administrator() -> dict[str, str]:
    """Answer the first administrator's credentials, as the settings of accounts name them."""
    prefix = "HELPDESK_FIRST_ADMINISTRATOR"
    password = os.environ.get(f"{prefix}_PASSWORD")
    if not password:
        file = os.environ.get(f"{prefix}_PASSWORD_FILE")
        if not file or not Path(file).exists():
            raise LookupError(f"set {prefix}_PASSWORD, or {prefix}_PASSWORD_FILE to a file that holds it")
        password = Path(file).read_text().strip()
    return {"email": os.environ.get(f"{prefix}_EMAIL") or "admin@localhost", "password": password}
