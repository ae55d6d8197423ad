"""Makes what compose.yaml needs and no repository may hold: passwords in `.env`, and nats-server's users."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from deploy.local.nats_config import User, product_accounts, server_config
from deploy.local.secret_files import write_private

FOLDER = Path(__file__).parent
_MADE = (
    "POSTGRES_PASSWORD",
    "HELPDESK_POSTGRES_PASSWORD",
    "HELPDESK_NATS_PASSWORD",
    "HELPDESK_EVENTS_PASSWORD",
    "HELPDESK_SYSTEM_KEY",
    "HELPDESK_FIRST_ADMINISTRATOR_PASSWORD",
)


def main(folder: Path = FOLDER) -> None:
    """Keep what is there: volumes know these passwords."""
    file = folder / ".env"
    known = _read(file)
    values = {name: secrets.token_hex(20) for name in _MADE} | known
    if values != known:
        write_private(file, "".join(f"{name}={value}\n" for name, value in values.items()))
    write_private(folder / "nats.conf", _nats_config(values))


def _read(file: Path) -> dict[str, str]:
    lines = file.read_text().splitlines() if file.exists() else []
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value for name, _, value in pairs}


def _nats_config(values: Mapping[str, str]) -> str:
    accounts = product_accounts(
        User("system", values["HELPDESK_NATS_PASSWORD"]), User("events", values["HELPDESK_EVENTS_PASSWORD"])
    )
    everywhere = "0.0.0.0"  # noqa: S104 - in a container, whose port only its network reaches
    return server_config(host=everywhere, port=4222, store=Path("/data"), log=None, accounts=accounts)


if __name__ == "__main__":
    main()
