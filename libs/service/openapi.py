"""What every service's OpenAPI says besides its routes: problems, tokens, the Idempotency-Key."""

from typing import Any

from fastapi import FastAPI

from libs.service.idempotency import PARAMETER, require_idempotency
from libs.service.problems import SCHEMA
from libs.service.routes import is_guarded, plain_routes, routes_with


def complete(schema: dict[str, Any], app: FastAPI, public: frozenset[str]) -> dict[str, Any]:
    """Add to the schema that FastAPI has made, in place."""
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = SCHEMA
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    schema["security"] = [{"bearer": []}]
    for route in plain_routes(app):
        if route.path in public and route.include_in_schema and not is_guarded(route):
            for method in route.methods or ():
                schema["paths"][route.path_format][method.lower()]["security"] = []
    for route in routes_with(app, require_idempotency):
        for method in route.methods or ():
            operation = schema["paths"][route.path_format][method.lower()]
            operation.setdefault("parameters", []).append(PARAMETER)
    return schema
