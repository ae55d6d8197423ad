"""What an embedded PostgreSQL cluster is on disk: how it is made, its configuration, passwords and logs."""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.account import Account, open_way, private_folder
from deploy.local.child import Child, Program
from deploy.local.logs import last_lines
from deploy.local.ports import LOOPBACK
from deploy.local.programs import postgres_major_version, postgres_program
from deploy.local.secret_files import kept_secret

SUPERUSER = "postgres"
OWNER = "helpdesk"
"""The role of the services: owns their databases and may make more, and is no superuser."""

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_level": "replica",
    "fsync": "on",
    # One idle writing transaction, in any database, holds up the tail of every log (it pins xmin).
    "idle_in_transaction_session_timeout": "30s",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    "log_lock_waits": "on",
    "log_line_prefix": "%m [%p] %d ",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.simple",
}
_HEADER = "# Written anew at each start. For your own settings use ALTER SYSTEM: postgresql.auto.conf stays.\n"
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.65535.lock")


@dataclass(frozen=True)
class Cluster:
    folder: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def output(self) -> Path:
        """Takes what the server says before it has its log."""
        return self.log / "start.log"

    def password(self, role: str) -> str:
        return kept_secret(self._password_file(role), self.account)

    async def make(self) -> None:
        """Make what is missing; a cluster whose making was cut short is made again."""
        private_folder(self.folder, self.account)
        private_folder(self.log, self.account)
        open_way(postgres_program("postgres"), self.account)
        if self.data.exists():
            self._check_version()
        else:
            await self._initdb()

    def configure(self, port: int, settings: Mapping[str, str]) -> None:
        own = {
            "port": str(port),
            "unix_socket_directories": str(self.socket_folder()),
            "log_directory": str(self.log),
        }
        lines = (f"{name} = {_quoted(value)}\n" for name, value in (_SETTINGS | own | dict(settings)).items())
        (self.data / "postgresql.conf").write_text(_HEADER + "".join(lines))

    async def _initdb(self) -> None:
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self.password(SUPERUSER)
        command = [
            *(str(postgres_program("initdb")), "-D", str(draft), "--data-checksums", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("-U", SUPERUSER, f"--pwfile={self._password_file(SUPERUSER)}", "--auth=scram-sha-256"),
        ]
        initdb = Child(Program("initdb", command, output=self.output, account=self.account))
        await initdb.start()
        if await initdb.wait():
            raise RuntimeError(f"initdb failed:\n{last_lines([self.output])}")
        draft.rename(self.data)

    def _password_file(self, role: str) -> Path:
        return self.folder / f"{role}.password"

    def _check_version(self) -> None:
        made_by, ours = (self.data / "PG_VERSION").read_text().strip(), postgres_major_version()
        if made_by != ours:
            raise RuntimeError(
                f"{self.data} was made by PostgreSQL {made_by}, this is {ours}: "
                "dump with the version you had, move the folder away, and restore with this one"
            )

    def socket_folder(self) -> Path:
        """Answer the cluster's folder or, when that is too long for a socket's path, one in /tmp for it."""
        if len(bytes(self.folder)) <= _LONGEST_SOCKET_FOLDER:
            return self.folder
        digest = hashlib.sha256(bytes(self.folder)).hexdigest()[:16]
        short = private_folder(Path(tempfile.gettempdir(), f"helpdesk-{digest}"), self.account)
        if short.is_symlink() or short.stat().st_uid != self.folder.stat().st_uid:
            raise RuntimeError(f"{short} belongs to somebody else")
        return short


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
