"""The lists that everybody has without having saved them."""

from services.query.domain.orders import Filters
from services.query.domain.personal import ME
from services.query.domain.sight import UNPLACED

USUAL: dict[str, Filters] = {
    "active": Filters(),
    "mine": Filters(responsible_id=(ME,)),
    "nobodys": Filters(responsible_id=(UNPLACED,)),
    "unread": Filters(unread=True),
    "overdue": Filters(overdue=True),
    "blocked": Filters(blocked=True),
}
"""By the names that counts of them have."""
