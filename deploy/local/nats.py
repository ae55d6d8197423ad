"""An embedded nats-server with JetStream."""

from pathlib import Path

import nats
import psutil
from nats.errors import Error as NatsError

from deploy.local.account import open_way, private_folder
from deploy.local.child import Program
from deploy.local.logs import last_lines
from deploy.local.nats_config import User, product_accounts, server_config
from deploy.local.ports import LOOPBACK
from deploy.local.programs import nats_program
from deploy.local.secret_files import kept_secret, write_private
from deploy.local.server import Server


class EmbeddedNats(Server):
    """Its `store` may be lost: NATS is transport, and the services fill it again."""

    name = "NATS"
    ready_seconds = 120.0

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def url(self) -> str:
        """For services: may do everything."""
        return self.url_of(self._user("system"))

    @property
    def events_url(self) -> str:
        """For outside systems: may read events and nothing else."""
        return self.url_of(self._user("events"))

    def url_of(self, user: User) -> str:
        return f"nats://{user.name}:{user.password}@{LOOPBACK}:{self.port}"

    def accounts(self) -> str:
        return product_accounts(self._user("system"), self._user("events"))

    def _user(self, name: str) -> User:
        return User(name, kept_secret(self.folder / f"{name}.password", self.account))

    def _program(self) -> Program:
        return Program(
            self.name,
            [str(nats_program()), "--config", str(self._config)],
            output=self.folder / "start.log",
            account=self.account,
        )

    @property
    def _config(self) -> Path:
        return self.folder / "nats.conf"

    @property
    def _log(self) -> Path:
        return self.folder / "nats.log"

    async def _prepare(self) -> None:
        private_folder(self.folder, self.account)
        private_folder(self.store, self.account)
        open_way(nats_program(), self.account)

    def _configure(self) -> None:
        config = server_config(host=LOOPBACK, port=self.port, store=self.store, log=self._log, accounts=self.accounts())
        write_private(self._config, config, self.account)

    async def _is_ready(self) -> bool:
        return await jetstream_answers(self.url)

    def _is_ours(self, process: psutil.Process) -> bool:
        return process.name() == "nats-server" and str(self._config) in process.cmdline()

    def _last_words(self) -> str:
        return last_lines([self._log, self.folder / "start.log"])


async def jetstream_answers(url: str) -> bool:
    try:
        client = await nats.connect(
            url,
            allow_reconnect=False,
            max_reconnect_attempts=1,  # 0 would mean for ever
            reconnect_time_wait=0,
            connect_timeout=2,
            error_cb=_no_word,
        )
    except (OSError, NatsError, TimeoutError):
        return False
    try:
        await client.jetstream(timeout=2).account_info()
    except (NatsError, TimeoutError):
        return False
    finally:
        await client.close()
    return True


async def _no_word(_: Exception) -> None:
    """Keep quiet: a refused connection is what waiting for a server is about."""
