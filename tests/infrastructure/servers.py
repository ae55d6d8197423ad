"""What a test may ask of the shared servers, whichever way they run."""

from typing import Protocol

from deploy.local.nats_config import User


class PostgresServer(Protocol):
    def dsn(self, database: str | None = None) -> str:
        """Answer the DSN for services; without a database, one to which `/<database>` may be added."""
        ...

    def admin_dsn(self, database: str = "postgres") -> str:
        """Answer the superuser's DSN."""
        ...


class NatsServer(Protocol):
    def url_of(self, user: User) -> str: ...


# Each room is an account: subjects, streams and consumers in one are unknown in the others.
ROOMS = [User(f"room_{number}", "room") for number in range(8)]


def rooms() -> str:
    """Answer the rooms as accounts in nats-server's configuration."""
    return "".join(f"\n  {user.name} {{ jetstream: enabled, users: [{{ {user} }}] }}" for user in ROOMS)
