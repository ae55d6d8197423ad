"""Categories: the predefined subjects, open to all accounts, or to those of a project, or with certain products."""

from dataclasses import dataclass
from uuid import UUID

from libs.service.problems import Invalid


@dataclass(frozen=True, slots=True)
class Chooser:
    """An account, as far as it decides what is open to it: the products it has ordered, and its project."""

    ordered: frozenset[str] = frozenset()
    project_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A category without product types and project is open to all."""

    product_types: frozenset[str]
    enabled: bool
    project_id: UUID | None = None

    def is_open_to(self, account: Chooser) -> bool:
        """Whether an account may choose it."""
        has_product = not self.product_types or not self.product_types.isdisjoint(account.ordered)
        return self.enabled and has_product and self.project_id in {None, account.project_id}


def require_open(category: Category | None, account: Chooser) -> None:
    if category is None or not category.enabled:
        raise Invalid.at("/category_id", "There is no such category")
    if not category.is_open_to(account):
        raise Invalid.at("/category_id", "This category is not open to the account")
