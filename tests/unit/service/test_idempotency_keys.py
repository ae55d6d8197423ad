"""What makes two requests the same command."""

from typing import Any

import pytest

from libs.service.http import CurrentIdempotency, FastJSON
from libs.service.routes import service_router
from tests.unit.service.service_builders import ACTING, ADMINISTRATOR, CLIENT, Issuer, Serving

router = service_router("intake")
Answer = tuple[str, str]


@router.post("/tickets")
async def post_ticket(same: CurrentIdempotency) -> FastJSON:
    return FastJSON({"key": same.key, "fingerprint": same.fingerprint.hex()})


@router.post("/tickets/{ticket}/close")
async def close_ticket(ticket: int, same: CurrentIdempotency) -> FastJSON:
    return FastJSON({"key": same.key, "fingerprint": same.fingerprint.hex(), "ticket": ticket})


@pytest.fixture
def ask(serving: Serving, issuer: Issuer) -> Any:
    async def post(path: str = "/tickets", *, caller: Any = CLIENT, key: str = "k", body: bytes = b"{}") -> Answer:
        headers = {**issuer.headers(caller), "Idempotency-Key": key}
        async with serving(router) as client:
            told = (await client.post(f"/api/intake{path}", content=body, headers=headers)).json()
        return told["key"], told["fingerprint"]

    return post


async def test_a_retry_is_the_same_command(ask: Any) -> None:
    assert await ask() == await ask()


async def test_a_key_is_the_callers_own(ask: Any) -> None:
    keys = {(await ask(caller=caller))[0] for caller in (CLIENT, ADMINISTRATOR, ACTING)}
    assert len(keys) == 3


async def test_a_key_belongs_to_an_operation(ask: Any) -> None:
    assert (await ask("/tickets"))[0] != (await ask("/tickets/1/close"))[0]


async def test_another_body_or_ticket_under_the_same_key_shows(ask: Any) -> None:
    key, fingerprint = await ask(body=b'{"a":1}')
    assert (await ask(body=b'{"a":2}'))[0] == key
    assert (await ask(body=b'{"a":2}'))[1] != fingerprint
    first, second = await ask("/tickets/1/close"), await ask("/tickets/2/close")
    assert first[0] == second[0]
    assert first[1] != second[1]


async def test_a_key_fits_a_uuid_column(ask: Any) -> None:
    key, fingerprint = await ask(key="!" * 200)
    assert (len(bytes.fromhex(key)), len(bytes.fromhex(fingerprint))) == (16, 32)


@pytest.mark.parametrize("key", [None, "", "a b", "x" * 201, "ü", "\t"])
async def test_a_command_without_a_proper_key_is_refused(serving: Serving, issuer: Issuer, key: str | None) -> None:
    headers = [(name.encode(), value.encode()) for name, value in issuer.headers(CLIENT).items()]
    if key is not None:
        headers.append((b"idempotency-key", key.encode()))
    async with serving(router) as client:
        answer = await client.post("/api/intake/tickets", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "header/Idempotency-Key"


async def test_the_key_is_in_the_documentation(serving: Serving) -> None:
    async with serving(router) as client:
        for _ in range(2):
            paths = (await client.get("/api/intake/openapi.json")).json()["paths"]
    parameters = paths["/api/intake/tickets/{ticket}/close"]["post"]["parameters"]
    assert [parameter["name"] for parameter in parameters] == ["ticket", "Idempotency-Key"]
