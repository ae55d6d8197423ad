"""Intake over HTTP."""

from fastapi import APIRouter

from services.intake.api import (
    attachments,
    blocking,
    bulk,
    categories,
    drafts,
    gateways,
    lifecycle,
    mails,
    properties,
    submitting,
    writing,
)


def routers() -> list[APIRouter]:
    """Answer all of them, the hot routes first."""
    return [
        submitting.router,
        writing.router,
        blocking.router,
        drafts.router,
        bulk.router,  # before the routes of one ticket, whose paths fit its path, too
        properties.router,
        lifecycle.router,
        categories.router,
        attachments.router,
        mails.router,
        gateways.router,
    ]
