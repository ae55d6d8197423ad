"""When the console is built again, and with which Node."""

from pathlib import Path

import pytest

from deploy.console.build import content
from deploy.console.node import is_new_enough


@pytest.mark.parametrize(
    ("version", "enough"),
    [("v20.19.0\n", True), ("v20.18.3\n", False), ("v22.1.0\n", True), ("v18.20.1\n", False), ("", False)],
)
def test_an_old_node_is_not_used(version: str, enough: bool) -> None:  # noqa: FBT001
    assert is_new_enough(version) is enough


def test_what_is_built_depends_on_sources_and_not_on_tests(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "index.html").write_text("<html>")
    (tmp_path / "src" / "main.tsx").write_text("1")
    before = content(tmp_path)
    (tmp_path / "src" / "main.test.ts").write_text("a test")
    assert content(tmp_path) == before
    (tmp_path / "src" / "main.tsx").write_text("2")
    assert content(tmp_path) != before
