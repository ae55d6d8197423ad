import os
import time

import pytest

from tests.infrastructure.folders import server_folder


def make_old(folder: os.PathLike[str]) -> None:
    an_hour_ago = time.time() - 3600
    os.utime(folder, (an_hour_ago, an_hour_ago))


@pytest.mark.parametrize("place", [{"on_disk": True}, {}], ids=["disk", "memory"])
def test_a_folder_is_gone_after_use(place: dict[str, bool]) -> None:
    with server_folder(**place) as folder:
        (folder / "data").write_text("data")
    assert not folder.exists()


def test_what_a_killed_session_left_is_removed_by_a_later_one() -> None:
    with server_folder() as folder:
        left = folder.with_name(f"{folder.name}-left")
        (left / "data").mkdir(parents=True)
        make_old(left)
        with server_folder():
            assert not left.exists()


def test_a_folder_in_use_stays_however_old() -> None:
    with server_folder() as folder:
        make_old(folder)
        with server_folder():
            assert folder.exists()
