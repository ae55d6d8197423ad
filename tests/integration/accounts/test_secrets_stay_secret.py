"""Passwords, keys and tokens are in no event, no log line and no table but their own."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from libs.service.log import configure_logging
from tests.integration.accounts.accounts_world import ADDRESS, PASSWORD, StartWorld, World

JANES = "Jane's very own password"
CHANGED = "Jane's changed password"
WRONG = "what Jane mistook for it"
OWN = "Jane's own choice of password"
BY_LINK = "Jane's password by a link"
OWN_TABLES = {"credentials", "api_keys", "private_keys", "sessions", "password_resets"}


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """Everything that is logged, in all its detail."""
    handlers, level = logging.root.handlers[:], logging.root.level
    logging.root.handlers.clear()  # pytest's own are put back, not closed
    written = StringIO()
    configure_logging("json", "debug", to=written)
    yield written
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


async def everything_done(world: World) -> list[str]:
    """Do all that has to do with secrets; answer the secrets."""
    token = (await world.sign_in()).json()["access_token"]
    admin = world.as_holder_of(token)
    jane = await admin.user(password=JANES)
    await admin.post(
        "users", {"name": "J", "email": jane["email"], "account_id": jane["account_id"], "password": JANES}
    )
    await admin.patch(f"users/{jane['id']}", {"password": CHANGED})
    await admin.patch(f"users/{jane['id']}", {"password": WRONG, "email": "nonsense"})
    await admin.sign_in(jane["email"], WRONG)
    made = await admin.made("api-keys", name="billing", scopes=["log:read"])
    system = (await admin.exchange(made["key"])).json()["access_token"]
    await admin.exchange(f"{made['key']}x")
    await admin.get("me")
    await admin.delete(f"api-keys/{made['id']}")
    secrets = [PASSWORD, JANES, CHANGED, WRONG, made["key"], made["key"].rsplit("_", 1)[1], token, system]
    return [*secrets, *await sessions_and_links(admin, jane["id"], jane["email"])]


async def sessions_and_links(admin: World, jane: str, email: str) -> list[str]:
    session, refresh_token = await admin.signed_in(email, CHANGED)
    refreshed = (await admin.refresh(refresh_token)).json()
    await admin.refresh(refresh_token)
    headers = {"Authorization": f"Bearer {session.token}"}
    for present in (WRONG, CHANGED):
        body = {"present_password": present, "password": OWN}
        await admin.http.put("/api/accounts/me/password", json=body, headers=headers)
    acting = (await admin.post("act-as", {"user_id": jane})).json()["access_token"]
    await admin.delete("act-as")
    link = (await admin.post("password-resets", {"person_id": jane})).json()["token"]
    for token in (f"{link}x", link):
        await admin.from_address("password-resets/redeem", {"token": token, "password": BY_LINK}, ADDRESS)
    second = (await admin.post("password-resets", {"person_id": jane})).json()["token"]
    _, last = await admin.signed_in(email, BY_LINK)
    await admin.get("sessions")
    tokens = [refresh_token, refreshed["refresh_token"], last, link, second]
    parts = [part for token in tokens for part in (token[37:80], token[81:]) if token.startswith("hdr_")]
    return [OWN, BY_LINK, *tokens, *parts, link[4:], second[4:], session.token, refreshed["access_token"], acting]


async def test_secrets_are_nowhere_in_the_open(
    start_world: StartWorld, lines: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    async with start_world(log_requests="all") as world:
        secrets = await everything_done(world)
        rows = await world.tables()
    printed = "".join((lines.getvalue(), *capsys.readouterr()))
    assert '"event":"request"' in printed, "there are log lines to look through"
    assert "jane@example.com" in rows["log"], "there are rows to look through"
    for secret in secrets:
        assert secret not in printed
        assert [name for name, text in rows.items() if secret in text] == []


async def test_hashes_and_private_keys_are_in_their_own_tables_only(start_world: StartWorld) -> None:
    async with start_world() as world:
        await everything_done(world)
        rows = await world.tables()
    for mark in ("$argon2id$", "PRIVATE KEY"):
        assert {name for name, text in rows.items() if mark in text} <= OWN_TABLES
    assert rows["sessions"], "there are sessions to look through"
    assert rows["password_resets"], "and a link"
    assert "$argon2id$" in rows["credentials"]


async def test_a_fingerprint_kept_of_a_command_gives_no_password_away(world: World) -> None:
    body = {"name": "Ann", "email": "ann@provider.example"}
    await world.post("administrators", {**body, "password": JANES}, key="one")
    again = await world.post("administrators", {**body, "password": WRONG}, key="one")
    assert again.status_code == 201
    assert (await world.sign_in(body["email"], JANES)).status_code == 200
    assert (await world.sign_in(body["email"], WRONG)).status_code == 401
