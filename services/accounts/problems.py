"""What may be wrong with a request, besides what every service knows."""

from libs.service.problems import Conflict, Forbidden, Unauthenticated


class EmailTaken(Conflict):
    """Another person has this e-mail address."""

    slug = "email-taken"


class ExternalIdTaken(Conflict):
    """Another one has this external id."""

    slug = "external-id-taken"


class AboveOwnRights(Forbidden):
    """Nobody can give, change or take over rights that they have not got themselves."""

    slug = "above-own-rights"


class LastOwner(Conflict):
    """This is the last enabled owner, so that they have to stay one."""

    slug = "last-owner"


class OwnAccess(Conflict):
    """Nobody can disable themselves, so that somebody is always left."""

    slug = "own-access"


class SignInRefused(Unauthenticated):
    """These credentials are not valid."""

    slug = "sign-in-refused"


class NotEnabled(Conflict):
    """This person is disabled, or their account is."""

    slug = "not-enabled"


class AlreadyActing(Conflict):
    """You act as a client already; end that first."""

    slug = "already-acting"


class WrongPassword(Forbidden):
    """This is not your present password."""

    slug = "wrong-password"


class OwnPassword(Conflict):
    """Nobody makes a link for themselves: change your own password with the present one."""

    slug = "own-password"


class ResetRefused(Unauthenticated):
    """This link is not good, or not any more."""

    slug = "reset-refused"


class SessionRefused(Unauthenticated):
    """This session cannot be carried on; sign in again."""

    slug = "session-refused"


class JustRefreshed(Conflict):
    """This refresh token was used twice a moment ago; use the one that was answered then."""

    slug = "just-refreshed"
