"""What intake takes in: whom it may believe, which categories there are, and routing's decisions."""

from services.intake.consumers.adoption import Adoption
from services.intake.consumers.registry import Registry

__all__ = ["Adoption", "Registry"]
