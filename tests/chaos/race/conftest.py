from tests.integration.intake.conftest import stage

__all__ = ["stage"]
