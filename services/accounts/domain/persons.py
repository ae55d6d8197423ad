"""Somebody who signs in, as the log has them now. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.service.caller import Caller
from services.accounts.domain import ADMINISTRATOR


@dataclass(frozen=True)
class Person:
    """`state` is the person's; `account` that of a client's account, and None for an administrator."""

    id: UUID
    kind: str
    state: Mapping[str, Any]
    account: Mapping[str, Any] | None = None

    @property
    def is_enabled(self) -> bool:
        """A person must be enabled, and so must be a client's account; what was deleted is not."""
        states = [self.state] if self.account is None else [self.state, self.account]
        return all(state.get("enabled", False) for state in states)

    @property
    def is_administrator(self) -> bool:
        return self.kind == ADMINISTRATOR.name

    @property
    def email(self) -> str:
        email: str = self.state["email"]
        return email

    @property
    def account_id(self) -> UUID | None:
        return None if self.is_administrator else UUID(self.state["account_id"])

    def caller(self, session: UUID, *, acting: UUID | None = None) -> Caller:
        """Whose rights the tokens of a session carry, and who really sits there."""
        return Caller(
            kind="administrator" if self.is_administrator else "client",
            id=str(self.id),
            account_id=self.account_id,
            acting=str(acting) if acting else None,
            name=self.state["name"],
            session=str(session),
        )
