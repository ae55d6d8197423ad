"""Conditions as requests write them: a tree, or the short form for what is asked most."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Discriminator, Field, Tag

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.conditions import Amount, Condition, Count
from libs.events.catalogue.intake import Urgency
from libs.service.bodies import Distinct, Exact
from services.routing.api.parts import Body


class ShortForm(Body):
    """All that are named must be met; a list is met by any of its values. It is kept as the tree that it means."""

    attitudes: Annotated[list[Attitude], Field(min_length=1), Distinct] | None = None
    urgencies: Annotated[list[Urgency], Field(min_length=1), Distinct] | None = None
    category_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000), Distinct] | None = None
    min_services: Count | None = Field(None, description="Services the account has at least")
    min_expenses: Annotated[Amount, Exact] | None = Field(None, description="What they cost together, at least")


def _form(value: Any) -> str:
    is_short = isinstance(value, ShortForm) or (isinstance(value, dict) and "kind" not in value)
    return "short" if is_short else "tree"


Conditions = Annotated[Annotated[ShortForm, Tag("short")] | Annotated[Condition, Tag("tree")], Discriminator(_form)]
