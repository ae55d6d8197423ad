import json
from pathlib import Path

import pytest

from libs.events.catalogue import BY_SERVICE
from libs.events.catalogue.intake import TicketDeleted
from services.query.domain.history import UNTOLD

WORDS = Path(__file__).parents[3] / "console" / "src" / "i18n"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_whatever_a_ticket_s_history_tells_has_words(language: str) -> None:
    """With a ticket's deletion its history is gone."""
    types = {model.TYPE for events in BY_SERVICE.values() for model in events} - UNTOLD - {TicketDeleted.TYPE}
    told = {kind.rpartition(".v")[0].replace(".", "_") for kind in types if kind.startswith("ticket.")}
    words = json.loads((WORDS / f"{language}.json").read_text())["history"]["types"]
    assert told <= words.keys()
