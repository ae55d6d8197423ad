"""The catalogue: every event type of the suite. What a service tells is in the module of its name."""

from libs.events.catalogue import accounts, intake, notify, routing, sla
from libs.events.catalogue.base import Catalogue, Content, EventData, UnknownEventType, content_of

CATALOGUE = Catalogue([*accounts.EVENTS, *intake.EVENTS, *routing.EVENTS, *sla.EVENTS, *notify.EVENTS])

BY_SERVICE: dict[str, list[type[EventData]]] = {
    "accounts": accounts.EVENTS,
    "intake": intake.EVENTS,
    "routing": routing.EVENTS,
    "sla": sla.EVENTS,
    "notify": notify.EVENTS,
}

__all__ = ["BY_SERVICE", "CATALOGUE", "Catalogue", "Content", "EventData", "UnknownEventType", "content_of"]
