"""Who runs the servers. PostgreSQL refuses to be root, so root hands them to an unprivileged account."""

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_FALLBACKS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int


def server_account(folder: Path) -> Account | None:
    """Answer the account for servers that keep their data in `folder`; None when we are not root.

    It is the owner of the folder (of its nearest existing parent), so that root and that user can take turns.
    """
    if os.geteuid() != 0:
        return None
    owner = next(place for place in (folder, *folder.parents) if place.exists()).stat()
    return Account(owner.st_uid, owner.st_gid) if owner.st_uid else _fallback()


def _fallback() -> Account:
    for name in _FALLBACKS:
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return Account(user.pw_uid, user.pw_gid)
    raise RuntimeError(f"root cannot run PostgreSQL, and there is no user named {' or '.join(_FALLBACKS)}")


def private_folder(folder: Path, account: Account | None) -> Path:
    """Make the folder if it is missing, for the account (or ourselves) alone, and clear the way to it."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o700)
        give(folder, account)
    open_way(folder, account)
    return folder


def give(path: Path, account: Account | None) -> None:
    if account:
        os.chown(path, account.uid, account.gid)


def open_way(path: Path, account: Account | None) -> None:
    """Let the account pass through the folders above `path` (say, below /root); it cannot list them."""
    if account:
        for folder in _closed(path, account):
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)
            print(f"\n  {folder} is now passable (o+x) for the user that runs PostgreSQL")


def _closed(path: Path, account: Account) -> Iterator[Path]:
    for folder in path.resolve().parents:
        status = folder.stat()
        if status.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif status.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not status.st_mode & needed:
            yield folder
