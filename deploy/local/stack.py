"""The servers under the helpdesk, and what services must be told about them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.account import give, private_folder, server_account
from deploy.local.nats import EmbeddedNats
from deploy.local.postgres import EmbeddedPostgres
from deploy.local.secret_files import kept_secret

SERVICES = ("accounts", "intake", "routing", "sla", "notify", "query")


class AlreadyRunningError(Exception):
    """Another runner works on this data folder."""


@dataclass(frozen=True)
class Stack:
    postgres: EmbeddedPostgres
    nats: EmbeddedNats
    system_key: str
    attachments: Path

    async def create_databases(self) -> None:
        for service in SERVICES:
            await self.postgres.create_database(f"helpdesk_{service}")

    def environment(self) -> dict[str, str]:
        """Answer the settings of services that follow from the servers."""
        return {
            "HELPDESK_POSTGRES_DSN": self.postgres.dsn(),
            "HELPDESK_NATS_URL": self.nats.url,
            "HELPDESK_SYSTEM_KEY": self.system_key,
            "HELPDESK_ATTACHMENTS_URL": os.environ.get("HELPDESK_ATTACHMENTS_URL", self.attachments.as_uri()),
        }


@contextmanager
def stack_in(data: Path) -> Iterator[Stack]:
    """Lend the stack (not started) that lives in the folder `data`, made if missing, to one process at a time."""
    account = server_account(data)
    private_folder(data, account)
    with _locked(data / "lock"):
        give(data / "lock", account)
        key = kept_secret(data / "system.key", account)
        yield Stack(EmbeddedPostgres(data / "postgres"), EmbeddedNats(data / "nats"), key, data / "attachments")


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold the file's lock; the kernel lets go of it when we die, however we die."""
    with file.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            raise AlreadyRunningError(
                f"process {held.read().strip() or '?'} already runs the helpdesk in {file.parent}"
            ) from error
        held.truncate(0)
        held.write(f"{os.getpid()}\n")
        held.flush()
        yield
