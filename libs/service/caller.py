"""Who calls, and for whom."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

CallerKind = Literal["client", "administrator", "system", "service"]

LOG_READ = "log:read"
OPERATE = "operate"
"""Looking after parked events and projections."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The rights are those of `kind`, `id`, `account_id` and `scopes`; `acting` is who really sits there.

    An administrator acting as a client is a client caller, with the client's rights and none of the
    administrator's, whose `acting` is the administrator's user id (the `act` claim of RFC 8693).
    """

    kind: CallerKind
    id: str
    account_id: UUID | None = None
    acting: str | None = None
    scopes: frozenset[str] = frozenset()
    name: str | None = None
    session: str | None = None
    """What ends all its tokens when it ends (the `sid` claim); a system's session is its key."""

    @property
    def actor(self) -> str:
        """Who did it: `user:<uuid>`, `system:<key id>` or `service:<name>`."""
        if self.acting is not None:
            return f"user:{self.acting}"
        return f"{'user' if self.is_user else self.kind}:{self.id}"

    @property
    def on_behalf_of(self) -> str | None:
        """For whom, if not for themselves."""
        return None if self.acting is None else f"user:{self.id}"

    @property
    def is_user(self) -> bool:
        return self.kind in {"client", "administrator"}

    @property
    def user_id(self) -> UUID:
        """The user whose rights count; ValueError for systems."""
        if not self.is_user:
            raise ValueError(f"{self.actor} is no user")
        return UUID(self.id)

    def may(self, scope: str) -> bool:
        return scope in self.scopes


def service_caller(name: str, *scopes: str) -> Caller:
    """A service of the suite, doing something by itself."""
    return Caller(kind="service", id=name, scopes=frozenset(scopes))
