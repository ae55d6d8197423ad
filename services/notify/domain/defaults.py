"""The templates that come with the product, and what all templates may speak of."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from services.notify.domain.kinds import DIGEST, FOR_CLIENTS, FOR_STAFF, PASSWORDS, Kind
from services.notify.domain.wording import Wording

LANGUAGES = ("en", "ru")
_FOLDER = Path(__file__).parent.parent / "templates"

TICKET = {
    "number": 1001,
    "subject": "Mail does not arrive",
    "urgency": "high",
    "closed": False,
    "department": "Mail support",
    "project": "Example Hosting",
    "url": "https://helpdesk.example.com/tickets/1001",
    "expected_by": "5 January 2026, 13:00 (UTC)",
}
_PERSON = {"person": {"name": "Jane Roe"}}
_OF_TICKET = {
    **_PERSON,
    "ticket": TICKET,
    "replies_are_read": True,
    "message": "Since this morning **nothing** arrives.",
}
_PASSWORD = {**_PERSON, "link": "https://helpdesk.example.com/password#…", "expires_at": "6 January 2026, 09:00 (UTC)"}
_STRANGER = {"subject": "Mail does not arrive", "project": "Example Hosting", "url": "https://helpdesk.example.com"}
_MORE: Mapping[str, Mapping[str, Any]] = {
    Kind.AUTO_CLOSE: {"closes_at": "12 January 2026, 09:00 (UTC)"},
    Kind.ESCALATION: {"target": "Crucial processes are down", "points": 50},
}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    **{kind: {**_OF_TICKET, **_MORE.get(kind, {})} for kind in FOR_CLIENTS | FOR_STAFF},
    **dict.fromkeys(PASSWORDS, _PASSWORD),
    Kind.NOT_REGISTERED: _STRANGER,
    DIGEST: {**_PERSON, "count": 2, "items": "**[#1001] New: Mail does not arrive**"},
}
"""Template -> what it may speak of, with values as in a real mail."""


@cache
def shipped(language: str) -> Mapping[str, Wording]:
    """Template -> its wording; English where there is none in the language."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    read = tomllib.loads((_FOLDER / f"{known}.toml").read_text(encoding="utf-8"))
    return {name: Wording(**one) for name, one in read.items()}


def language_of(*wishes: str | None) -> str:
    """The first language that anybody wishes, in two letters; English if nobody does."""
    return next((wish[:2].lower() for wish in wishes if wish), LANGUAGES[0])
