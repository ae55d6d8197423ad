"""Run one of the pair: `python -m tests.faults.pair scribe|mirror`, settings from the environment."""

import os
import sys
from pathlib import Path

from libs.service.serve import serve
from libs.service.settings import ServiceSettings
from tests.faults.pair import mirror, scribe

if __name__ == "__main__":
    settings = ServiceSettings()
    antidote = Path(os.environ.get("PAIR_ANTIDOTE", "/nonexistent"))
    serve(scribe.create_app(settings) if sys.argv[1] == "scribe" else mirror.create_app(settings, antidote), settings)
