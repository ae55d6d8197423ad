"""Ports for tests: a share of them for each worker, or one might take what another has just found free."""

import os

from deploy.local import ports

# Each has its ports in a row: whoever needs several takes those after the first.
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS


_SHARE = len(ports.RANGE) // _WORKERS


def free_port() -> int:
    """Answer one that nobody listens on, and never the same twice."""
    return ports.free_port(ports.RANGE[_WORKER * _SHARE :][:_SHARE])
