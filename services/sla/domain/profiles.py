"""What a ticket and its account were when, from what two services tell of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from uuid import UUID

from libs.events.catalogue.accounts import Attitude
from libs.events.catalogue.intake import Urgency
from services.sla.domain.plan import ProfileSince, last
from services.sla.domain.target_list import Profile


@dataclass(frozen=True, slots=True)
class Trait:
    """What intake told of a ticket; `urgency` None, and a project that was not told, are as before."""

    since: datetime
    urgency: Urgency | None
    project_id: UUID | None
    tells_project: bool = True


@dataclass(frozen=True, slots=True)
class AccountTrait:
    """What accounts told of the ticket's account."""

    since: datetime
    attitude: Attitude
    group_id: UUID | None


def profiles(traits: Sequence[Trait], accounts: Sequence[AccountTrait]) -> list[ProfileSince]:
    """Both in their own order; before anything was told, nothing is known."""
    whole = [*accumulate(traits, _then)]
    edges = sorted({trait.since for trait in whole} | {account.since for account in accounts})
    return [ProfileSince(at, _at(at, whole, accounts)) for at in edges]


def _then(before: Trait, now: Trait) -> Trait:
    """No change counts from before the one that it followed, whatever the clocks say."""
    return replace(
        now,
        since=max(before.since, now.since),
        urgency=now.urgency or before.urgency,
        project_id=now.project_id if now.tells_project else before.project_id,
    )


def _at(at: datetime, traits: Sequence[Trait], accounts: Sequence[AccountTrait]) -> Profile:
    trait = last(traits, at) if traits and traits[0].since <= at else None
    account = last(accounts, at) if accounts and accounts[0].since <= at else None
    return Profile(
        urgency=trait.urgency if trait else None,
        project_id=trait.project_id if trait else None,
        attitude=account.attitude if account else None,
        group_id=account.group_id if account else None,
    )
