"""A folder to run the product on, in which it says all that it can say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infrastructure.folders import server_folder
from tests.infrastructure.product import ADMINISTRATOR


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, value in ADMINISTRATOR.items():
        monkeypatch.setenv(f"HELPDESK_FIRST_ADMINISTRATOR_{name.upper()}", value)
    monkeypatch.setenv("HELPDESK_LOG_LEVEL", "debug")
    monkeypatch.setenv("HELPDESK_LOG_REQUESTS", "all")
    with server_folder() as lent:
        yield lent
