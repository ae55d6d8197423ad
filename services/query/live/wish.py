"""What a viewer wants to be told of."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from libs.service.rights import Staff
from services.query.domain.narrowing import as_meant, narrowed
from services.query.domain.orders import Filters
from services.query.domain.sight import EVERYTHING, Sight
from services.query.domain.views import View


class Chosen(NamedTuple):
    """A list as somebody sees it; without filters all that they see, whatever its state."""

    filters: Filters | None
    sight: Sight


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose it is, a client's account or an administrator (neither: a system's), and what of what they see they watch.

    `asked` is None if nothing of the list was asked for. With `counts`, how many tickets each of their views has, narrowed
    by the `account` that they have chosen for all lists.
    """

    client: str | None = None
    administrator: UUID | None = None
    view: UUID | None = None
    asked: Filters | None = None
    counts: bool = False

    @property
    def narrowing(self) -> Filters:
        """What of it holds across all lists."""
        account = self.asked and self.asked.account_id
        return Filters(account_id=account) if account else Filters()


def chosen(view: View | None, asked: Filters | None, reader: Staff | None) -> Chosen:
    """A view narrowed by what is asked for besides, or that alone, as a reader means and sees it."""
    sight = Sight.of(reader) if reader else EVERYTHING
    if asked is not None:
        asked = as_meant(asked, reader)
    if view is None:
        return Chosen(asked, sight)
    filters = as_meant(view.filters, reader)
    return Chosen(narrowed(filters, asked) if asked else filters, sight)
