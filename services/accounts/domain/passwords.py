"""What is told when a password changes, and whose another may reset. Pure."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from libs.events.catalogue import accounts as facts
from libs.events.catalogue.base import EventData
from libs.service.rights import Staff
from services.accounts.domain import ADMINISTRATOR, USER
from services.accounts.problems import AboveOwnRights, OwnPassword

_CHANGED: Mapping[str, type[facts.UserPasswordChanged | facts.AdministratorPasswordChanged]] = {
    USER.name: facts.UserPasswordChanged,
    ADMINISTRATOR.name: facts.AdministratorPasswordChanged,
}
_RESET: Mapping[str, type[facts.UserPasswordResetMade | facts.AdministratorPasswordResetMade]] = {
    USER.name: facts.UserPasswordResetMade,
    ADMINISTRATOR.name: facts.AdministratorPasswordResetMade,
}
_MAILED: Mapping[str, type[facts.UserPasswordMailRequested | facts.AdministratorPasswordMailRequested]] = {
    USER.name: facts.UserPasswordMailRequested,
    ADMINISTRATOR.name: facts.AdministratorPasswordMailRequested,
}


def changed(kind: str) -> EventData:
    return _CHANGED[kind]()


def reset_made(kind: str, expires_at: datetime) -> EventData:
    return _RESET[kind](expires_at=expires_at)


def mail_requested(kind: str, reset: UUID, expires_at: datetime, *, is_invitation: bool) -> EventData:
    return _MAILED[kind](reset_id=reset, is_invitation=is_invitation, expires_at=expires_at)


def check_reset(me: Staff, other: Staff | None) -> None:
    """Raise a problem unless one may reset the other's password; `other` is None for a client user.

    Whoever resets a password might use it: so nobody does it who could thereby do more than before, or do without their
    own present password.
    """
    if other is None:
        return
    if other.id == me.id:
        raise OwnPassword
    if not me.covers(other):
        raise AboveOwnRights
