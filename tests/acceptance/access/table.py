"""docs/access.md, read: what each route asks of whom. The document is the table that the test tries out."""

from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).parents[3] / "docs" / "access.md"


@dataclass(frozen=True, slots=True)
class Row:
    """One route; the words of the last three columns are explained in the document."""

    method: str
    path: str
    clients: str
    administrators: str
    systems: tuple[str, ...]

    @property
    def service(self) -> str:
        return self.path.split("/")[2]

    @property
    def ends_sessions(self) -> bool:
        """Whether the caller's own token may be no good afterwards."""
        return self.name in _ENDING

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


_ENDING = {
    "DELETE /api/accounts/session",
    "DELETE /api/accounts/sessions",
    "DELETE /api/accounts/sessions/{session_id}",
    "DELETE /api/accounts/act-as",
    "PUT /api/accounts/me/password",
}


def rows() -> list[Row]:
    lines = DOCUMENT.read_text().splitlines()
    cells = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")
    ]
    return [Row(method, path, clients, staff, _scopes(systems)) for method, path, clients, staff, systems in cells]


def _scopes(cell: str) -> tuple[str, ...]:
    return tuple(scope.strip(" `") for scope in cell.split(",") if scope.strip())
