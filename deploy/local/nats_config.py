"""The configuration of nats-server: who may do what."""

import json
from dataclasses import dataclass
from pathlib import Path

READERS_DOMAIN = "helpdesk"
"""The JetStream domain readers name to their client: its requests go to `$JS.helpdesk.API.…`."""


@dataclass(frozen=True, slots=True)
class User:
    name: str
    password: str

    def __str__(self) -> str:
        """Answer the user as nats-server's configuration has it."""
        return f"user: {json.dumps(self.name)}, password: {json.dumps(self.password)}"


def product_accounts(system: User, events: User) -> str:
    """Answer the accounts: services (`system`) do everything, readers (`events`) read and do no more.

    Readers have an account of their own, into which come only live events, what a stream is, and stored
    messages by direct get (batches too). Permissions within the services' account would not do: JetStream
    sends its answers to any reply subject, and what a consumer delivers to any deliver subject, whatever the
    asker may publish, so a request to read could write into a stream. Hence also no consumers for readers.
    """
    return f"""
  services {{
    jetstream: enabled
    users: [{{ {system} }}]
    exports: [
      {{ stream: "helpdesk.>" }}
      {{ service: "$JS.API.STREAM.INFO.*", accounts: [readers] }}
      {{ service: "$JS.API.DIRECT.GET.>", accounts: [readers], response_type: stream }}
    ]
  }}
  readers {{
    users: [{{ {events}, permissions: {{
      publish: [ "$JS.{READERS_DOMAIN}.API.STREAM.INFO.*", "$JS.{READERS_DOMAIN}.API.DIRECT.GET.>" ]
      subscribe: [ "helpdesk.>", "_INBOX.>" ]
    }} }}]
    imports: [
      {{ stream: {{ account: services, subject: "helpdesk.>" }} }}
      {{ service: {{ account: services, subject: "$JS.API.STREAM.INFO.*" }}
         to: "$JS.{READERS_DOMAIN}.API.STREAM.INFO.*" }}
      {{ service: {{ account: services, subject: "$JS.API.DIRECT.GET.>" }}
         to: "$JS.{READERS_DOMAIN}.API.DIRECT.GET.>" }}
    ]
  }}"""


def server_config(*, host: str, port: int, store: Path, log: Path | None, accounts: str) -> str:
    """Answer the whole configuration; without a `log` file it logs to its output."""
    return f"""# Written anew at each start.
server_name: helpdesk
listen: "{host}:{port}"
jetstream {{ store_dir: {json.dumps(str(store))} }}
{_logging(log) if log else ""}
accounts {{{accounts}
}}
"""


def _logging(log: Path) -> str:
    return f"log_file: {json.dumps(str(log))}\nlogfile_size_limit: 10MB\nlogfile_max_num: 5"
