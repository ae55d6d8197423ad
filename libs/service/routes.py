"""The routes of a service: below `/api/<name>/`, guarded unless declared public, known by their declared path."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from libs.service.auth import is_guard
from libs.service.problems import BadRequest, Forbidden, Invalid, Unauthenticated, Unavailable, problem_responses

UNMATCHED = "unmatched"


def service_router(name: str, **options: Any) -> APIRouter:
    """Make a router for paths below `/api/<name>`; `options` are those of APIRouter."""
    usual = problem_responses(BadRequest, Unauthenticated, Forbidden, Invalid, Unavailable)
    return APIRouter(prefix=f"/api/{name}", responses={**usual, **options.pop("responses", {})}, **options)


def add_routes(app: FastAPI, router: APIRouter, *, public: frozenset[str]) -> None:
    """Add a router's own routes to the app; ValueError for one that is unguarded, unless its path is public.

    `include_router` would match every request twice and wrap it once more, 10 µs and 5 per route passed
    over. Routes are tried in order all the same, so declare the hot ones first.
    """
    for route in router.routes:
        if not isinstance(route, APIRoute):
            raise TypeError(f"{route} is not a plain route")
        if route.path not in public and not is_guarded(route):
            raise ValueError(f"{route.path} lets anybody in and is not declared public")
    app.router.routes.extend(router.routes)


def plain_routes(app: FastAPI) -> Iterable[APIRoute]:
    return (route for route in app.routes if isinstance(route, APIRoute))


def methods_at(app: FastAPI, scope: Scope) -> set[str]:
    """What the documented routes of a request's path take; of paths that fit, one without parameters comes first."""
    fitting = [r for r in plain_routes(app) if r.include_in_schema and r.matches(scope)[0] is not Match.NONE]
    path = min((route.path for route in fitting), key=lambda path: path.count("{"), default=None)
    return {method for route in fitting if route.path == path for method in route.methods or ()}


def is_guarded(route: APIRoute) -> bool:
    """Whether it lets nobody unknown in."""
    return _is_guarded(route.dependant)


def route_path(scope: Scope) -> str:
    """Answer the path a request's route was declared with (`/api/intake/tickets/{id}`): stable, without ids."""
    path: str = getattr(scope.get("route"), "path", UNMATCHED)
    return path


def _is_guarded(node: Dependant) -> bool:
    return is_guard(node.call) or any(_is_guarded(below) for below in node.dependencies)
