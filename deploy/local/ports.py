"""Free TCP ports on the loopback, and the same one again after a restart."""

import random
import socket
from pathlib import Path

from deploy.local.account import Account, give

LOOPBACK = "127.0.0.1"

# Below every common ephemeral range: there, a client that keeps knocking at a stopped server's port may be
# given that very port as its own end, connect to itself, and hold the port against the server.
RANGE = range(10_240, 32_768)
_given = set[int]()
"""To somebody in this process, who may not listen there yet."""


def free_port(among: range = RANGE) -> int:
    """Answer one that nobody listens on, and never the same twice."""
    for port in random.SystemRandom().sample(among, 400):
        if port not in _given and is_free(port):
            _given.add(port)
            return port
    raise RuntimeError(f"no free port between {among.start} and {among.stop}")


def is_free(port: int, host: str = LOOPBACK) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def remembered_port(file: Path, account: Account | None) -> int:
    """Answer the port written in the file if it is free, else a new one, which is written there."""
    if file.exists() and is_free(int(file.read_text())):
        return int(file.read_text())
    port = free_port()
    file.write_text(f"{port}\n")
    give(file, account)
    return port
