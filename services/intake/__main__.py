"""Run intake: `python -m services.intake`."""

from libs.service.serve import serve
from services.intake.app import create_app
from services.intake.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
