"""What may be wrong with a request, besides what every service knows."""

from libs.service.problems import Conflict, Unauthenticated


class EmailTaken(Conflict):
    """Another person has this e-mail address."""

    slug = "email-taken"


class OwnAccess(Conflict):
    """Nobody can disable themselves, so that somebody is always left."""

    slug = "own-access"


class SignInRefused(Unauthenticated):
    """These credentials are not valid."""

    slug = "sign-in-refused"
