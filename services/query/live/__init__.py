from services.query.live.hub import Live

__all__ = ["Live"]
