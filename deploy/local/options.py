import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import LOOPBACK
from deploy.local.stack import SERVICES

_ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - recognised here, not bound


@dataclass(frozen=True)
class Options:
    data: Path
    host: str
    port: int
    processes: bool
    servers_only: bool
    demo: bool

    @property
    def url(self) -> str:
        """Where people work."""
        return self._at(self.port)

    def urls(self) -> dict[str, str]:
        """Answer service -> base URL."""
        return {name: self._at(port) for name, port in self.ports().items()}

    def ports(self) -> dict[str, int]:
        """Answer service -> port: ours, or in processes of their own those after it, where ours is the front's."""
        if not self.processes:
            return dict.fromkeys(SERVICES, self.port)
        return {name: self.port + place for place, name in enumerate(SERVICES, 1)}

    def _at(self, port: int) -> str:
        return f"http://{LOOPBACK if self.host in _ANY_ADDRESS else self.host}:{port}"


def parse(arguments: Sequence[str] | None = None) -> Options:
    parser = argparse.ArgumentParser(
        "python -m deploy.local", description="Runs the helpdesk on this machine, all in one process."
    )
    parser.add_argument("--data", type=Path, default=Path("var"), help="where everything is kept (default: var)")
    parser.add_argument("--host", default=LOOPBACK, help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on (default: %(default)s)")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--processes", action="store_true", help="each service in its own process and port")
    mode.add_argument("--servers-only", action="store_true", help="PostgreSQL and NATS only; prints how to reach them")
    parser.add_argument("--demo", action="store_true", help="fill it with demo data")
    return Options(**vars(parser.parse_args(arguments)))
