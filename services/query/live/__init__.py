from services.query.live.hub import Live, Pace
from services.query.live.wish import Wish

__all__ = ["Live", "Pace", "Wish"]
