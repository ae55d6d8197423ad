"""Folders for embedded servers, gone with their session even if nobody was left to tidy up."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "helpdesk-test-"
_NEWBORN_SECONDS = 60.0


@contextmanager
def server_folder() -> Iterator[Path]:
    """Lend a folder with a path short enough for sockets, which the unprivileged user of servers can get to."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder.chmod(0o711)
    with _locked(folder):
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


def _sweep() -> None:
    """Remove what killed sessions have left: folders that nobody has locked for as long as making one takes."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
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
