"""Intake over HTTP."""

from fastapi import APIRouter

from services.intake.api import (
    attachments,
    blocking,
    bulk,
    categories,
    drafts,
    lifecycle,
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
        properties.router,
        lifecycle.router,
        bulk.router,
        categories.router,
        attachments.router,
    ]
