"""The console's npm packages, installed as its lock file says."""

import hashlib

from deploy.console.node import CONSOLE, Node, NodeError

_STAMP = CONSOLE / "node_modules" / ".helpdesk"


def install(node: Node, *, checks: bool) -> None:
    """Install what building needs, and with `checks` also what checking needs, unless it is there already."""
    lock = hashlib.sha256((CONSOLE / "package-lock.json").read_bytes()).hexdigest()
    known = _STAMP.read_text().split() if _STAMP.exists() else []
    had_checks = known[1:] == ["checks"]
    if known[:1] == [lock] and (had_checks or not checks):
        return
    print("· installing the console's packages (once)", flush=True)
    checks = checks or had_checks  # what is there for checking stays
    options = [] if checks else ["--omit=dev"]
    environment = {"PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}
    if node.run(node.npm, "ci", "--ignore-scripts", "--loglevel=error", *options, environment=environment):
        raise NodeError("The console's packages could not be installed")
    _STAMP.write_text(f"{lock} checks" if checks else lock)
