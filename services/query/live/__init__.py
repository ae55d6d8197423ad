from services.query.live.hub import Live
from services.query.live.viewer import Viewer

__all__ = ["Live", "Viewer"]
