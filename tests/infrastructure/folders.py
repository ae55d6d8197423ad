"""Folders for embedded servers, gone with their session even if nobody was left to tidy up."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

_PREFIX = "helpdesk-test-"
_MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes the folder in it
_ENOUGH_BYTES = 4 * 2**30
_NEWBORN_SECONDS = 60.0


@contextmanager
def server_folder(*, on_disk: bool = False) -> Iterator[Path]:
    """Lend a folder with a path short enough for sockets, which the unprivileged user of servers can get to.

    It is in memory if there is enough of that, where a database is made in a fifth of the time. What is measured is on disk.
    """
    parent = _MEMORY if _has_memory() and not on_disk else Path(tempfile.gettempdir())
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    folder.chmod(0o711)
    with _locked(folder):
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


def _has_memory() -> bool:
    return _MEMORY.is_dir() and min(shutil.disk_usage(_MEMORY).free, psutil.virtual_memory().available) > _ENOUGH_BYTES


def _sweep(parent: Path) -> None:
    """Remove what killed sessions have left: folders that nobody has locked for as long as making one takes."""
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime > _NEWBORN_SECONDS:
                with _locked(folder):
                    shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # another session has it, or has just removed it
            continue


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the kernel frees when we die; an OSError if another process holds it."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(held)
