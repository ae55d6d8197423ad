"""Run query on its own: `python -m services.query`."""

from libs.service.serve import serve
from services.query.app import create_app
from services.query.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
