"""Building the console, when it is not the one that was built last."""

import fcntl
import hashlib
import time
from collections.abc import Iterable
from pathlib import Path

from deploy.console import node, packages
from deploy.console.node import CONSOLE, NodeError

DIST = CONSOLE / "dist"
_STAMP = DIST / ".built-from"
_FILES = (
    "index.html",
    "package-lock.json",
    "package.json",
    "postcss.config.js",
    "tsconfig.json",
    "vite.config.ts",
)


def build() -> None:
    """Bring `console/dist` up to date; NodeError if that cannot be done. Of several who ask at once, one builds."""
    with (CONSOLE / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _build()


def _build() -> None:
    wanted = content()
    if _STAMP.exists() and _STAMP.read_text() == wanted:
        return
    found = node.find()
    packages.install(found, checks=False)
    print("· building the console … ", end="", flush=True)
    began = time.perf_counter()
    if found.run(CONSOLE / "node_modules" / "vite" / "bin" / "vite.js", "build", "--logLevel", "warn"):
        raise NodeError("The console could not be built")
    _STAMP.write_text(wanted)
    print(f"{time.perf_counter() - began:.1f} s", flush=True)


def content(folder: Path = CONSOLE) -> str:
    """A hash of all that the build is made of; types and tests are not."""
    digest = hashlib.sha256()
    for file in _sources(folder):
        digest.update(f"{file.relative_to(folder)}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterable[Path]:
    yield from (folder / name for name in _FILES if (folder / name).exists())
    for part in ("public", "src"):
        yield from (file for file in sorted((folder / part).rglob("*")) if file.is_file() and _is_built(file))


def _is_built(file: Path) -> bool:
    return not file.name.endswith((".d.ts", ".test.ts"))
