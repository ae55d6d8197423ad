"""Run sla: `python -m services.sla`."""

from libs.service.serve import serve
from services.sla.app import create_app
from services.sla.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    serve(create_app(settings), settings)
