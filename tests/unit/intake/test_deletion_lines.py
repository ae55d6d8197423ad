"""Lines that name deletions: query's and intake's are alike, and a bad one is told before anything is done."""

from pathlib import Path

import pytest

from services.intake.deletions import cli
from services.intake.deletions.again import read

LINE = (
    '{"id": "01980000-0000-7000-8000-000000000001", "number": 1001, "deleted_at": "2026-01-05T09:00:00+00:00",'
    ' "deleted_by": "user:01980000-0000-7000-8000-00000000a003", "on_behalf_of": null}'
)


def test_empty_lines_are_nothing() -> None:
    assert [deletion.number for deletion in read([LINE, "", LINE])] == [1001, 1001]


@pytest.mark.parametrize("bad", ["none", "{}", LINE.replace("+00:00", ""), LINE.replace("01980000", "x")])
def test_a_bad_line_is_named_and_nothing_is_done(bad: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "deleted.jsonl"
    file.write_text(f"{LINE}\n{bad}\n")
    with pytest.raises(SystemExit, match="2"):
        cli.main(["again", str(file)])
    assert "line 2 is no deletion" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["again", str(tmp_path / "missing.jsonl")])
    assert "missing.jsonl" in capsys.readouterr().err
