"""TypeScript types of the services' APIs, made from their OpenAPI documents as they are in this very code.

They are not committed, so they cannot be out of date: the console is checked against what the services are.
"""

import hashlib
import importlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from deploy.console.node import CONSOLE, Node, NodeError
from deploy.local.stack import SERVICES

SCHEMA = CONSOLE / "src" / "api" / "schema"


def generate(node: Node) -> None:
    """Write `console/src/api/schema/<service>.d.ts`, those that are not there as they should be."""
    SCHEMA.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("HELPDESK_SYSTEM_KEY", "needed to make the applications, which are not started")
    for service in SERVICES:
        document = json.dumps(_openapi(service), sort_keys=True)
        _generate(node, service, document)


def _openapi(service: str) -> dict[str, Any]:
    document: dict[str, Any] = importlib.import_module(f"services.{service}.app").create_app().openapi()
    return document


def _generate(node: Node, service: str, document: str) -> None:
    out, stamp = SCHEMA / f"{service}.d.ts", SCHEMA / f".{service}"
    wanted = hashlib.sha256(document.encode()).hexdigest()
    if out.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{service}.json"
        source.write_text(document)
        generator = CONSOLE / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
        if node.run(generator, str(source), "--output", str(out), "--default-non-nullable", "false"):
            raise NodeError(f"No types could be made of what {service} says of itself")
    stamp.write_text(wanted)
