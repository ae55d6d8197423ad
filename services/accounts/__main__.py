"""Run accounts by itself: `python -m services.accounts`."""

from libs.service.serve import serve
from services.accounts.app import create_app
from services.accounts.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
