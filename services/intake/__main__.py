"""Run intake: `python -m services.intake`; look after its files: `python -m services.intake attachments check`; or have what
was deleted deleted again after a restore: `python -m services.intake deletions …`.
"""

import sys

from libs.service.serve import serve
from services.intake.app import create_app
from services.intake.attachments import cli as attachments
from services.intake.deletions import cli as deletions
from services.intake.settings import Settings

COMMANDS = {"attachments": attachments.main, "deletions": deletions.main}

if __name__ == "__main__":
    if sys.argv[1:] and (command := COMMANDS.get(sys.argv[1])):
        sys.exit(command(sys.argv[2:]))
    settings = Settings()
    serve(create_app(settings), settings)
