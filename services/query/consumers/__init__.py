from services.query.consumers.read_model import ReadModel

__all__ = ["ReadModel"]
