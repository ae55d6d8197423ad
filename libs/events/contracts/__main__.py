"""Write the contracts, or check them.

python -m libs.events.contracts            write docs/contracts
python -m libs.events.contracts --check    fail when what is committed is not what the code says, or when the code breaks
                                           what the newest release (or the commit before) promised
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from libs.events.catalogue import BY_SERVICE
from libs.events.contracts import asyncapi, schemas
from libs.events.contracts.compatibility import broken_promises

FOLDER = Path("docs/contracts")
VERSION = "1.0.0"


def files() -> Iterator[tuple[Path, bytes]]:
    for service, models in BY_SERVICE.items():
        for model in models:
            yield FOLDER / "schemas" / f"{model.TYPE}.json", _json(schemas.schema(model, service))
            yield FOLDER / "examples" / f"{model.TYPE}.json", _json(schemas.example(model, service))
    yield FOLDER / "asyncapi.json", _json(asyncapi.document(BY_SERVICE, VERSION))


def write() -> None:
    wanted = dict(files())
    for old in set(FOLDER.rglob("*.json")) - wanted.keys():
        old.unlink()
    for path, content in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(f"{len(wanted)} files in {FOLDER}")  # noqa: T201 - said to whoever ran it


def complaints(base: str) -> Iterator[str]:
    wanted = dict(files())
    for path, content in wanted.items():
        if not path.exists() or path.read_bytes() != content:
            yield f"{path} is not what the code says: run `make contracts`"
    for extra in sorted(set(FOLDER.rglob("*.json")) - wanted.keys()):
        yield f"{extra} belongs to no event type: run `make contracts`"
    for path, old in _promised(base):
        new = wanted.get(path)
        if new is None:
            yield f"{path} was promised in {base} and is gone"
        else:
            yield from (f"{path}: {broken}; make a new version" for broken in broken_promises(old, orjson.loads(new)))


def _promised(base: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The schemas of an earlier commit; none when it had none."""
    listed = _git("ls-tree", "-r", "--name-only", base, "--", str(FOLDER / "schemas"))
    for name in listed.splitlines():
        yield Path(name), orjson.loads(_git("show", f"{base}:{name}"))


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout if done.returncode == 0 else ""


def _newest_release() -> str:
    return _git("describe", "--tags", "--abbrev=0", "--match", "v*").strip() or "HEAD"


def _json(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--base", help="commit whose promises are to be kept; default: the newest release, else HEAD")
    arguments = parser.parse_args()
    if not arguments.check:
        write()
        return
    found = list(complaints(arguments.base or _newest_release()))
    print("\n".join(found) or "the contracts are kept")  # noqa: T201 - said to whoever ran it
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
