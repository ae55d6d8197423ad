"""The script of the demo: who the provider and its customers are, and what they write to each other."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@cache
def read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text())


@cache
def talks() -> tuple[str, ...]:
    """The names of the files with what clients and staff write to each other."""
    return tuple(sorted(f"talks/{path.stem}" for path in (_FOLDER / "talks").glob("*.toml")))
