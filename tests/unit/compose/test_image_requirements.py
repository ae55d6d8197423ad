"""The image takes wheels only: what has none has to be named, or the image cannot be built."""

import re

from deploy.compose.__main__ import FOLDER

ROOT = FOLDER.parents[1]


def test_what_has_no_wheel_is_named_and_nothing_else() -> None:
    locked = (ROOT / "requirements" / "base.txt").read_text().replace("\\\n", "")
    # A release of one file is its source: of those with wheels the source is locked as well.
    sources = {line.split("==")[0] for line in locked.splitlines() if line.count("--hash=") == 1}
    assert sources == set(re.findall(r"--no-binary (\S+)", (ROOT / "deploy" / "image" / "Dockerfile").read_text()))
