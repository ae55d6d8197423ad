"""Routing's HTTP interface."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.routing.api import (
    categories,
    decisions,
    departments,
    rejudgements,
    submission_rules,
    trying,
    weight_rules,
)


def routers() -> Sequence[APIRouter]:
    modules = (categories, departments, submission_rules, weight_rules, decisions, trying, rejudgements)
    return [module.router for module in modules]
