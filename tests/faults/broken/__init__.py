"""Deliberately broken variants of the product, one a file: `install()` takes one protection away in this process."""

from typing import Any


def put(owner: object, name: str, replacement: Any) -> None:
    """Replace a method or function, past the type checker, which rightly objects."""
    setattr(owner, name, replacement)
