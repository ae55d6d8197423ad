"""What intake takes in: whom it may believe, what tickets may be about, and what it does about decisions and deletions."""

from services.intake.consumers.deciding import Deciding
from services.intake.consumers.registry import Registry

__all__ = ["Deciding", "Registry"]
