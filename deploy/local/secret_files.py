"""Passwords and keys that are made once and stay in a file only their owner can read."""

import os
import secrets
from pathlib import Path

from deploy.local.account import Account, give


def kept_secret(file: Path, account: Account | None = None) -> str:
    """Answer the secret in the file, made first if there is none. URL-safe characters only."""
    if not file.exists():
        write_private(file, secrets.token_urlsafe(32), account)
    return file.read_text().strip()


def write_private(file: Path, text: str, account: Account | None = None) -> None:
    """Write the file with mode 0600 so that it is there whole or not at all, whenever we die."""
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    give(draft, account)
    draft.replace(file)
