"""The first administrator, without whom nobody could create anybody."""

import os
import secrets
import sys
from pathlib import Path

from pydantic import SecretStr

from libs.events.commands import in_transaction
from libs.events.envelope import Cause
from libs.events.log import Executor
from libs.service.rights import Role
from services.accounts.commands import Commands
from services.accounts.domain import ADMINISTRATOR
from services.accounts.settings import Settings
from services.accounts.store import entities
from services.accounts.transactions import alone

_MADE_BYTES = 18


async def ensure_administrator(commands: Commands, settings: Settings, cause: Cause) -> None:
    """Create an administrator if there is none; of several replicas that start at once, one does."""
    if await entities.exists(commands.log.pool, ADMINISTRATOR.name):
        return
    chosen = settings.first_administrator_password
    password = chosen or SecretStr(secrets.token_urlsafe(_MADE_BYTES))
    password_hash = await commands.passwords.hash(password)
    email = settings.first_administrator_email

    async def work(connection: Executor) -> None:
        await alone(connection, "first administrator")
        if await entities.exists(connection, ADMINISTRATOR.name):
            return
        fields = {"name": "Administrator", "email": email, "role": Role.OWNER}
        await commands.add_person(connection, ADMINISTRATOR, fields, password_hash, cause)
        if chosen is None:
            # Before the commit: a password told in vain is better than an administrator whose password nobody knows.
            _hand_over(email, password, settings.first_administrator_password_file)

    await in_transaction(commands.log, work)


def _hand_over(email: str, password: SecretStr, file: Path | None) -> None:
    if file is None:
        sys.stderr.write(f"The first administrator is {email}, password {password.get_secret_value()}\n")
        sys.stderr.flush()
    else:
        _write_private(file, f"{password.get_secret_value()}\n")


def _write_private(file: Path, text: str) -> None:
    """Write a file that nobody else can read at any moment, in place of what is there."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
