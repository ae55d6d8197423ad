"""Categories: the predefined subjects, open to all accounts or only to those that have ordered certain products."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from libs.service.problems import Invalid


@dataclass(frozen=True, slots=True)
class Category:
    """A category without product types is open to all."""

    product_types: frozenset[str]
    enabled: bool

    def is_open_to(self, ordered: AbstractSet[str]) -> bool:
        """Whether an account that has ordered these products may choose it."""
        return self.enabled and (not self.product_types or not self.product_types.isdisjoint(ordered))


def require_open(category: Category | None, ordered: AbstractSet[str]) -> None:
    if category is None or not category.enabled:
        raise Invalid.at("/category_id", "There is no such category")
    if not category.is_open_to(ordered):
        raise Invalid.at("/category_id", "This category is not open to the account")
