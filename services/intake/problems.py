"""What intake refuses, and why."""

from libs.service.problems import Conflict, NotFound


class TicketGone(NotFound):
    """There is no such ticket."""

    slug = "ticket-not-found"


class NotOpen(Conflict):
    """The ticket is closed."""

    slug = "ticket-closed"


class Blocked(Conflict):
    """Another administrator is writing on this ticket."""

    slug = "ticket-blocked"


class BlockLost(Conflict):
    """The block is not yours any more: it ran out, or was taken away. Nothing was sent.

    `holder_id` and `since` tell who holds it now, if anybody.
    """

    slug = "block-lost"


class NoDraft(NotFound):
    """There is no draft of yours on this ticket."""

    slug = "no-draft"


class NoAnswer(NotFound):
    """There is no such answer on this ticket."""

    slug = "answer-not-found"


class MailSettled(Conflict):
    """Somebody has made something of this mail already."""

    slug = "mail-settled"


class GatewayTaken(Conflict):
    """Another gateway has this address."""

    slug = "gateway-address-taken"
