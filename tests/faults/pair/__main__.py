"""Run one of the pair: `python -m tests.faults.pair scribe|mirror`, settings from the environment."""

import sys

from tests.faults.pair.child import run

if __name__ == "__main__":
    run(sys.argv[1])
