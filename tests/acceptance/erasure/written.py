"""Tickets in which every place that takes content holds a word of its own."""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx

from tests.acceptance.erasure.traces import Words
from tests.infrastructure.product import Somebody
from tests.infrastructure.provider import Provider


@dataclass(frozen=True)
class Written:
    id: str
    attachments: list[str]
    last_token: str
    """The Consistency-Token of the last change."""


async def write(provider: Provider, words: Words, *, long: bool) -> Written:
    """Let a client and an administrator write on a ticket; `long` texts are kept outside of their rows by PostgreSQL."""
    admin, client = provider.admin, provider.client

    def text() -> str:
        # Random, as what can be compressed would hide from a search for bytes.
        return f"{words.new()} {secrets.token_urlsafe(12_000)} {words.new()}" if long else words.new()

    files = [await _upload(client, words, size) for size in (100, 300_000)]
    submitted = await provider.submit(subject=words.new(), text=text(), attachment_ids=files)
    path = f"/api/intake/tickets/{submitted.json()['id']}"
    await client.made(f"{path}/replies", text=text())
    await admin.made(f"{path}/notes", text=text(), attachment_ids=[await _upload(admin, words, 2000)])
    block = (await admin.made(f"{path}/block"))["block"]
    answered = await admin.post(f"{path}/replies", text=text(), token=block["token"])
    await _rate(client, submitted.json()["id"], answered, words)
    await _sent(admin, "PATCH", path, {"subject": words.new(), "tags": [words.new()]}, {"If-Match": "*"})
    await _sent(admin, "PUT", f"{path}/draft", {"text": text()})
    last = await client.post(f"{path}/replies", text=text())
    assert last.is_success, last.text
    return Written(submitted.json()["id"], files, last.headers["Consistency-Token"])


async def _rate(client: Somebody, ticket: str, answered: httpx.Response, words: Words) -> None:
    """The client rates the answer, as soon as it is to be seen."""
    assert answered.is_success, answered.text
    seen = await client.get(f"/api/query/tickets/{ticket}", after=answered.headers["Consistency-Token"])
    answer = next(message["id"] for message in seen.json()["messages"] if message["kind"] == "staff")
    await client.made(f"/api/intake/tickets/{ticket}/messages/{answer}/rating", rating=2, comment=words.new())


async def _sent(
    somebody: Somebody, method: str, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
) -> None:
    own = {**somebody._headers(), "Idempotency-Key": str(uuid4())}
    response = await somebody.http.request(method, path, json=body, headers={**own, **(headers or {})})
    assert response.is_success, response.text


async def _upload(somebody: Somebody, words: Words, size: int) -> str:
    """A file of about this size, with a word in its name, one in front and one in the middle; its id."""
    half = secrets.token_urlsafe(size // 2)
    content = f"{words.new()} {half} {words.new()} {half}"
    name = quote(f"{words.new()}.txt", safe="")
    response = await somebody.http.post(
        "/api/intake/attachments",
        content=content,
        headers={
            **somebody._headers(),
            "Idempotency-Key": str(uuid4()),
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        },
    )
    assert response.is_success, response.text
    return str(response.json()["id"])


async def read_everywhere(provider: Provider, ticket: Written) -> None:
    """Look at it in every way that people and systems have."""
    await provider.listed(ticket.last_token)
    for somebody in (provider.admin, provider.client):
        for path in ("", "/history"):
            await _got(somebody, f"/api/query/tickets/{ticket.id}{path}")
        for file in ticket.attachments:
            await _got(somebody, f"/api/intake/tickets/{ticket.id}/attachments/{file}")
    await _got(provider.admin, f"/api/query/tickets/{ticket.id}/weight")
    await _got(provider.admin, f"/api/routing/tickets/{ticket.id}/decision")
    await _got(provider.admin, f"/api/sla/tickets/{ticket.id}")
    await _got(provider.client, "/api/query/my/tickets")
    await _got(provider.admin, f"/api/query/accounts/{provider.account_id}/export")


async def _got(somebody: Somebody, path: str) -> httpx.Response:
    response = await somebody.get(path)
    assert response.status_code == httpx.codes.OK, f"{path}: {response.status_code} {response.text}"
    return response


async def delete(admin: Somebody, ticket: Written) -> None:
    headers = {**admin._headers(), "Idempotency-Key": str(uuid4())}
    response = await admin.http.delete(f"/api/intake/tickets/{ticket.id}", headers=headers)
    assert response.is_success, response.text
