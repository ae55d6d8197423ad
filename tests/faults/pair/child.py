"""One process of the pair, with the seams by which the simulator breaks it."""

import ctypes
import importlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from libs.service.serve import serve
from libs.service.settings import ServiceSettings
from tests.faults import faultpoints
from tests.faults.pair import mirror, scribe

_PR_SET_PDEATHSIG = 1


def run(role: str, settings: ServiceSettings | None = None) -> None:
    """Serve as scribe or mirror until told to stop."""
    settings = settings or ServiceSettings()
    antidote = Path(os.environ.get("PAIR_ANTIDOTE", "/nonexistent"))
    serve(scribe.create_app(settings) if role == "scribe" else mirror.create_app(settings, antidote), settings)


def run_forked(role: str, environment: Mapping[str, str], output: Path, points: Path) -> None:
    """The same in a process forked for the simulator: `environment` over ours, all that it says into `output`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _write_to(output)
    os.environ.update(environment)
    faultpoints.install(points)
    if broken := os.environ.get("PAIR_BROKEN"):
        importlib.import_module(f"tests.faults.broken.{broken}").install()
    run(role)


def _write_to(output: Path) -> None:
    with output.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
