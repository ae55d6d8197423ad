"""Runs purge.sh on the PostgreSQL of `make run`, which has to be running: `python -m deploy.purge --data var`."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from deploy.local.account import server_account
from deploy.local.ports import LOOPBACK
from deploy.local.postgres_cluster import SUPERUSER, Cluster
from deploy.local.programs import postgres_program

SCRIPT = Path(__file__).with_name("purge.sh")


def environment(folder: Path) -> dict[str, str]:
    """What psql has to be told to be the superuser of the embedded server in this folder."""
    return {
        "PATH": f"{postgres_program('psql').parent}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": LOOPBACK,
        "PGPORT": (folder / "port").read_text().strip(),
        "PGUSER": SUPERUSER,
        "PGPASSWORD": Cluster(folder, server_account(folder)).password(SUPERUSER),
    }


def main() -> int:
    parser = argparse.ArgumentParser("python -m deploy.purge", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var"), help="where everything is kept (default: var)")
    data: Path = parser.parse_args().data
    folder = data / "postgres"
    if not (folder / "port").exists():
        sys.exit(f"· no helpdesk has run in {data}")
    command = ["/bin/sh", str(SCRIPT)]
    return subprocess.run(command, env=os.environ | environment(folder), check=False).returncode  # noqa: S603 - our own


if __name__ == "__main__":
    sys.exit(main())
