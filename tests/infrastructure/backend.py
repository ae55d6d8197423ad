"""Which way the shared servers run."""

import os
import socket
from typing import Literal
from urllib.parse import urlsplit

Backend = Literal["docker", "embedded"]

_DEFAULT_ENGINE = "unix:///var/run/docker.sock"


def chosen_backend() -> Backend:
    match os.environ.get("HELPDESK_TEST_BACKEND", ""):
        case "docker" | "embedded" as forced:
            return forced
        case "":
            return "docker" if _engine_answers() else "embedded"
        case other:
            raise ValueError(f"HELPDESK_TEST_BACKEND is docker or embedded, not {other}")


def _engine_answers() -> bool:
    """Knock ourselves: Docker's client leaves a socket open if nobody is there, which would fail a later test."""
    engine = urlsplit(os.environ.get("DOCKER_HOST", _DEFAULT_ENGINE))
    in_unix = engine.scheme == "unix"
    with socket.socket(socket.AF_UNIX if in_unix else socket.AF_INET) as knock:
        return knock.connect_ex(engine.path if in_unix else (engine.hostname, engine.port)) == 0
