from collections.abc import Iterable
from pathlib import Path

_LINES = 8


def last_lines(files: Iterable[Path]) -> str:
    """Answer the ends of these files, oldest first; of those that exist."""
    existing = sorted((file for file in files if file.exists()), key=lambda file: file.stat().st_mtime)
    return "\n".join(line for file in existing for line in file.read_text(errors="replace").splitlines()[-_LINES:])
