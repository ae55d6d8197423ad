"""What routing takes in, accounts and tickets, and what it decides about them."""

from services.routing.consumers.facts import Facts
from services.routing.consumers.judging import Judging

__all__ = ["Facts", "Judging"]
