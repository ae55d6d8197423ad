"""Intake as it must not be: it takes its instants from its process's clock."""

from datetime import UTC, datetime

from libs.service.serve import serve
from services.intake.app import create_app
from services.intake.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings, now=lambda: datetime.now(UTC)), settings)
