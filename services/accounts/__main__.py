"""Run accounts by itself: `python -m services.accounts`; with `rotate-signing-key`, do that instead and end."""

import argparse
import asyncio
import sys

from libs.service.serve import serve
from services.accounts.app import create_app
from services.accounts.operating import rotate_signing_key
from services.accounts.settings import Settings

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m services.accounts", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["serve", "rotate-signing-key"], default="serve")
    command = parser.parse_args().command
    settings = Settings()
    if command == "serve":
        serve(create_app(settings), settings)
    else:
        key = asyncio.run(rotate_signing_key(settings))
        sys.stdout.write(f"{key.id} signs from {key.signs_from.isoformat()}\n")
