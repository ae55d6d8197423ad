"""Sla's HTTP interface."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.sla.api import calculate, dry_runs, estimates, target_list, targets, tickets, working_hours


def routers() -> Sequence[APIRouter]:
    """The hot ones first."""
    return (
        calculate.router,
        estimates.router,
        tickets.router,
        working_hours.router,
        targets.router,
        target_list.router,
        dry_runs.router,
    )
