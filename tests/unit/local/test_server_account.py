"""Which account root hands the servers to."""

import os
from pathlib import Path

import pytest

from deploy.local.account import Account, open_way, server_account

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a choice")


@pytest.mark.skipif(os.geteuid() == 0, reason="root has a choice")
def test_an_ordinary_user_runs_the_servers_as_himself(tmp_path: Path) -> None:
    assert server_account(tmp_path) is None


@as_root
def test_root_hands_them_to_the_owner_of_the_folder_even_before_it_exists(tmp_path: Path) -> None:
    os.chown(tmp_path, 4711, 4712)
    assert server_account(tmp_path / "var" / "postgres") == Account(4711, 4712)


@as_root
def test_root_hands_them_to_an_unprivileged_user_where_root_owns_the_folder(tmp_path: Path) -> None:
    account = server_account(tmp_path)
    assert account
    assert account.uid != 0


@pytest.mark.parametrize(("mode", "after"), [(0o700, 0o701), (0o750, 0o751), (0o755, 0o755)])
def test_a_closed_folder_on_the_way_is_made_passable_but_not_readable(tmp_path: Path, mode: int, after: int) -> None:
    above = tmp_path / "above"
    above.mkdir()
    above.chmod(mode)
    open_way(above / "var", Account(4711, 4712))
    assert above.stat().st_mode & 0o777 == after
