"""The first administrator, whom the service creates itself."""

import asyncio
import re
from pathlib import Path

import pytest

from tests.integration.accounts.accounts_world import EMAIL, PASSWORD, StartWorld

MADE = re.compile(r"The first administrator is (\S+), password (\S+)\n")


async def test_the_chosen_password_opens_and_is_not_told(
    start_world: StartWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    async with start_world() as world:
        assert (await world.sign_in(EMAIL, PASSWORD)).status_code == 200
    assert PASSWORD not in capsys.readouterr().err


async def test_a_made_password_is_told_once_and_opens(
    start_world: StartWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    async with start_world(first_administrator_password=None) as world:
        ((email, password),) = MADE.findall(capsys.readouterr().err)
        assert (await world.sign_in(email, password)).status_code == 200
    async with start_world(first_administrator_password=None) as world:
        assert not MADE.search(capsys.readouterr().err)
        assert (await world.sign_in(email, password)).status_code == 200


async def test_a_made_password_goes_to_a_file_for_its_owner_alone(
    start_world: StartWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "password"
    file.write_text("of an earlier try")
    file.chmod(0o644)
    async with start_world(first_administrator_password=None, first_administrator_password_file=file) as world:
        assert file.stat().st_mode & 0o777 == 0o600
        assert (await world.sign_in(EMAIL, file.read_text().strip())).status_code == 200
        assert file.read_text().strip() not in capsys.readouterr().err


async def test_replicas_that_start_at_once_create_one(
    start_world: StartWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    all_started = asyncio.Barrier(3)

    async def replica() -> None:
        async with start_world(first_administrator_password=None) as world:
            await all_started.wait()
            assert await world.told_in_all("administrator.created.v1") == 1
            assert await world.told_in_all("signing_key.added.v1") == 1

    await asyncio.gather(*(replica() for _ in range(3)))
    ((email, password),) = MADE.findall(capsys.readouterr().err)
    async with start_world() as world:
        assert (await world.sign_in(email, password)).status_code == 200


async def test_there_is_no_second_first_administrator(start_world: StartWorld) -> None:
    async with start_world():
        pass
    async with start_world(first_administrator_email="other@provider.example") as world:
        assert await world.told_in_all("administrator.created.v1") == 1
        assert (await world.sign_in("other@provider.example", PASSWORD)).status_code == 401


async def test_who_created_them_is_the_service(start_world: StartWorld) -> None:
    async with start_world() as world:
        actor = "select envelope->>'actor' from log where type = 'administrator.created.v1'"
        assert await world.pool.fetchval(actor) == "service:accounts"
