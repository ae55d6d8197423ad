"""Headers that a dependency reads by itself, and what the OpenAPI document says of them.

FastAPI would declare them, but each costs a request 20 µs, and one that is needed only after others were checked could not
be told to be needed.
"""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

Parameter: TypeAlias = dict[str, Any]
"""An OpenAPI parameter object."""
D = TypeVar("D", bound=Callable[..., object])

_read: dict[Callable[..., object], Parameter] = {}


def header(name: str, description: str, *, required: bool = True, **schema: Any) -> Parameter:
    """Describe a header whose value is text; `schema` says of what kind."""
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string", **schema},
    }


def reads(parameter: Parameter) -> Callable[[D], D]:
    """Mark a dependency that reads this header."""

    def mark(dependency: D) -> D:
        _read[dependency] = parameter
        return dependency

    return mark


def read_by(dependency: Callable[..., object] | None) -> Parameter | None:
    return None if dependency is None else _read.get(dependency)
