"""What `make up` writes before it starts anything, and that the committed files agree with it."""

import re
import stat
from pathlib import Path

import pytest

from deploy.compose.__main__ import FOLDER, main
from deploy.local.stack import SERVICES


def values(folder: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (folder / ".env").read_text().splitlines())


def test_nobody_else_may_read_the_secrets(tmp_path: Path) -> None:
    main(tmp_path)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {".env": 0o600, "nats.conf": 0o600}


def test_passwords_stay_as_the_volumes_know_them(tmp_path: Path) -> None:
    main(tmp_path)
    first = values(tmp_path)
    main(tmp_path)
    assert values(tmp_path) == first
    assert len(set(first.values())) == len(first)


def test_one_that_was_chosen_is_kept_and_missing_ones_are_added(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("POSTGRES_PASSWORD=chosen=by us\nPORT=9000\n")
    main(tmp_path)
    assert values(tmp_path)["POSTGRES_PASSWORD"] == "chosen=by us"
    assert values(tmp_path)["PORT"] == "9000"
    assert len(values(tmp_path)["HELPDESK_SYSTEM_KEY"]) >= 16


def test_nats_knows_the_users_of_the_settings(tmp_path: Path) -> None:
    main(tmp_path)
    config = (tmp_path / "nats.conf").read_text()
    for name in ("HELPDESK_NATS_PASSWORD", "HELPDESK_EVENTS_PASSWORD"):
        assert values(tmp_path)[name] in config


def test_everything_that_the_compose_file_asks_for_is_made(tmp_path: Path) -> None:
    main(tmp_path)
    asked = set(re.findall(r"\$\{(\w+):\?", (FOLDER / "compose.yaml").read_text()))
    assert asked <= set(values(tmp_path))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_its_place_in_image_compose_front_and_database(service: str) -> None:
    for file, place in {
        "../image/entrypoint": rf"\b{service}\b",
        "compose.yaml": rf"command: \[{service}\]",
        "front/nginx.conf": rf"\b{service}\b",
        "postgres/10-helpdesk.sh": rf"database helpdesk_{service} ",
    }.items():
        assert re.search(place, (FOLDER / file).read_text()), file
