"""The system of the demo that submits tickets by itself: it has a key, which is shown once."""

from dataclasses import dataclass, field

from deploy.client import Caller, Helpdesk

NAME = "Monitoring (demo)"


@dataclass(frozen=True)
class Monitoring:
    """`told` are its tickets of earlier runs, from subject to id: another key's Idempotency-Keys do not know of them."""

    told: dict[str, str] = field(default_factory=dict)
    system: Caller | None = None
    key: str | None = None


def monitoring(helpdesk: Helpdesk, administrator: Caller, subjects: set[str]) -> Monitoring:
    """Answer the system, with a new key unless it has told of all the subjects before."""
    told: dict[str, str] = {}
    if any(key["name"] == NAME for key in administrator.items("/api/accounts/api-keys", name=NAME)):
        listed = administrator.items("/api/query/tickets", state="all", sort="id")
        told = {row["subject"]: row["id"] for row in listed if row["channel"] == "api"}
    if subjects <= told.keys():
        return Monitoring(told)
    body = {"name": NAME, "scopes": ["tickets:submit"]}
    key: str = administrator.post("/api/accounts/api-keys", body).json()["key"]
    return Monitoring(told, helpdesk.sign_in(api_key=key), key)
