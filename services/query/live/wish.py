"""What a viewer wants to be told of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from libs.service.rights import Staff
from services.query.domain.narrowing import as_meant, narrowed
from services.query.domain.orders import Filters
from services.query.domain.sight import EVERYTHING, Sight
from services.query.domain.usual import USUAL
from services.query.domain.views import View


class Chosen(NamedTuple):
    """A list as somebody sees it; without filters all that they see, whatever its state."""

    filters: Filters | None
    sight: Sight


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose it is, a client's account or an administrator (neither: a system's), and what of what they see they watch.

    `asked` is None if nothing of the list was asked for. With `counts`, how many tickets each of their views has, narrowed
    by the `account` that they have chosen for all lists; with `usual`, those lists that everybody has as well.
    """

    client: str | None = None
    administrator: UUID | None = None
    view: UUID | None = None
    asked: Filters | None = None
    counts: bool = False
    usual: bool = False

    @property
    def narrowing(self) -> Filters:
        """What of it holds across all lists."""
        account = self.asked and self.asked.account_id
        return Filters(account_id=account) if account else Filters()


def chosen(view: View | None, asked: Filters | None, reader: Staff | None) -> Chosen:
    """A view narrowed by what is asked for besides, or that alone, as a reader means and sees it."""
    if view is None:
        return Chosen(asked and as_meant(asked, reader), _sight(reader))
    return _narrowed(view.filters, asked, reader)


def counted(views: Iterable[View], asked: Filters, reader: Staff | None, *, usual: bool) -> dict[str, Chosen]:
    """The lists that a reader wants the lengths of: views by their ids, the usual ones by their names."""
    named = {str(view.id): view.filters for view in views} | (USUAL if usual else {})
    return {key: _narrowed(filters, asked, reader) for key, filters in named.items()}


def _narrowed(filters: Filters, asked: Filters | None, reader: Staff | None) -> Chosen:
    meant = as_meant(filters, reader)
    return Chosen(narrowed(meant, as_meant(asked, reader)) if asked else meant, _sight(reader))


def _sight(reader: Staff | None) -> Sight:
    return Sight.of(reader) if reader else EVERYTHING
