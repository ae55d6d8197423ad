"""Routing's HTTP interface."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.routing.api import categories, decisions, departments, weight_rules


def routers() -> Sequence[APIRouter]:
    return (categories.router, departments.router, weight_rules.router, decisions.router)
