"""The first administrator: where accounts leaves the password it makes, and how a person hears of it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PREFIX = "HELPDESK_FIRST_ADMINISTRATOR"


@dataclass(frozen=True)
class FirstAdministrator:
    file: Path
    is_known: bool
    """Whether the password was there before this start."""

    @classmethod
    def of(cls, data: Path) -> Self:
        file = Path(os.environ.get(f"{_PREFIX}_PASSWORD_FILE") or data / "administrator.password").resolve()
        return cls(file, file.exists())

    def environment(self) -> dict[str, str]:
        return {f"{_PREFIX}_PASSWORD_FILE": str(self.file)}

    def introduce(self) -> None:
        """Show a new password once; later, say where it was written. One that was chosen is known to its chooser."""
        if not self.file.exists():
            return
        email = os.environ.get(f"{_PREFIX}_EMAIL") or "admin@localhost"
        password = "" if self.is_known else f" {self.file.read_text().strip()}, kept"
        print(f"· first administrator: {email}, password{password} in {self.file}")
