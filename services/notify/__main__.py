"""Run notify: `python -m services.notify`."""

from libs.service.serve import serve
from services.notify.app import create_app
from services.notify.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
