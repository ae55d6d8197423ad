"""`python -m deploy.console build|try-build|dev|generate|lint|fix|types|test`, as the Makefile calls it."""

import sys
from pathlib import Path

from deploy.console import node, packages, types
from deploy.console.build import build
from deploy.console.node import CONSOLE, NodeError

_BIN = CONSOLE / "node_modules"
_CHECKS: dict[str, list[tuple[str, list[str]]]] = {
    "dev": [("vite/bin/vite.js", [])],
    "generate": [],
    "lint": [
        ("eslint/bin/eslint.js", ["--max-warnings", "0", "."]),
        ("prettier/bin/prettier.cjs", ["--check", "--log-level", "warn", "."]),
    ],
    "fix": [
        ("eslint/bin/eslint.js", ["--fix", "."]),
        ("prettier/bin/prettier.cjs", ["--write", "--log-level", "warn", "."]),
    ],
    "types": [("typescript/bin/tsc", ["--noEmit"])],
    "test": [("vitest/vitest.mjs", ["run"])],
}


def main(task: str) -> int:
    if task == "build":
        build()
        return 0
    found = node.find()
    packages.install(found, checks=True)
    types.generate(found)
    codes = [found.run(Path(_BIN, script), *arguments) for script, arguments in _CHECKS[task]]
    return max(codes, default=0)


if __name__ == "__main__":
    try:
        if sys.argv[1] == "try-build":
            build()
        else:
            sys.exit(main(sys.argv[1]))
    except NodeError as error:
        if sys.argv[1] != "try-build":
            sys.exit(f"· {error}")
        print(f"· {error}: the product starts without its console, or with the one that was built last")
    except KeyboardInterrupt:
        pass
