"""Which declared route a request took."""

from typing import Any

from starlette.types import Scope

UNMATCHED = "unmatched"


def route_path(scope: Scope) -> str:
    """Answer the path as declared (`/api/intake/tickets/{id}`): stable, and free of ids."""
    # FastAPI keeps the prefix an included router got in its own corner of the scope.
    context: Any = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(context, "path_format", None) or getattr(context, "path", None) or UNMATCHED
