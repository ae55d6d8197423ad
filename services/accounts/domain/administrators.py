"""Who may make whom an administrator of what kind. Pure."""

from uuid import UUID

from libs.events.catalogue.accounts import AdministratorFacts
from libs.service.rights import Staff


def rights_of(administrator: UUID, facts: AdministratorFacts) -> Staff:
    """Their rights as accounts knows them: it knows of no departments."""
    return Staff(administrator, facts.role, frozenset(facts.rights), facts.enabled)
