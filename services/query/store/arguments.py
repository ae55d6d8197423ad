"""The arguments of a statement that is put together."""

from typing import Any


class Arguments:
    """Each is bound when a part first needs it: PostgreSQL takes no argument that the statement does not have."""

    def __init__(self, *first: Any) -> None:
        self.values: list[Any] = list(first)
        self._bound: dict[tuple[str, str], str] = {}

    def bind(self, value: Any, kind: str) -> str:
        """The placeholder of a value, cast to its type."""
        self.values.append(value)
        return f"${len(self.values)}::{kind}"

    def once(self, name: str, value: Any, kind: str) -> str:
        """The same for a value that several parts have in common."""
        key = (name, kind)
        if key not in self._bound:
            self._bound[key] = self.bind(value, kind)
        return self._bound[key]
