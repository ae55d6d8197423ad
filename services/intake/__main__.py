"""Run intake: `python -m services.intake`; or look after its files: `python -m services.intake attachments check`."""

import sys

from libs.service.serve import serve
from services.intake.app import create_app
from services.intake.attachments import cli
from services.intake.settings import Settings

if __name__ == "__main__":
    if sys.argv[1:2] == ["attachments"]:
        sys.exit(cli.main(sys.argv[2:]))
    settings = Settings()
    serve(create_app(settings), settings)
