"""Run query on its own: `python -m services.query`; or print what it knows to be deleted: `… services.query tombstones`."""

import sys

from libs.service.serve import serve
from services.query import tombstones
from services.query.app import create_app
from services.query.settings import Settings

if __name__ == "__main__":
    if sys.argv[1:2] == ["tombstones"]:
        sys.exit(tombstones.main(sys.argv[2:]))
    settings = Settings()
    serve(create_app(settings), settings)
