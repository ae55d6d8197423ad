"""What notify takes in of others' events, and what it decides about them."""

from services.notify.consumers.deciding import Deciding
from services.notify.consumers.register import Register

__all__ = ["Deciding", "Register"]
