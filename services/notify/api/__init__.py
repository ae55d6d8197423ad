"""Notify's HTTP interface."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.notify.api import deliveries, mail, preferences, templates, unsubscribe, webhooks

PUBLIC = unsubscribe.PUBLIC


def routers() -> Sequence[APIRouter]:
    modules = (preferences, templates, mail, unsubscribe, webhooks, deliveries)
    return [module.router for module in modules]
