"""The system of the demo that submits tickets by itself: it has a key, which is shown once."""

from dataclasses import dataclass

from deploy.client import Caller, Helpdesk

NAME = "Monitoring (demo)"


@dataclass(frozen=True)
class Monitoring:
    key: str
    caller: Caller


def is_there(administrator: Caller) -> bool:
    """Whether an earlier run has made it, and so may have told some of the stories."""
    return any(key["name"] == NAME for key in administrator.items("/api/accounts/api-keys", name=NAME))


def monitoring(helpdesk: Helpdesk, administrator: Caller) -> Monitoring:
    """Answer the system, with a new key: what an earlier one was, nobody knows any more."""
    body = {"name": NAME, "scopes": ["tickets:submit"]}
    key: str = administrator.post("/api/accounts/api-keys", body).json()["key"]
    return Monitoring(key, helpdesk.sign_in(api_key=key))
