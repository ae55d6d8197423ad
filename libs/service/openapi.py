"""What every service's OpenAPI says besides its routes: problems, tokens, headers that dependencies read by themselves."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from libs.service.headers import read_by
from libs.service.problems import SCHEMA, TooLarge, problem_responses
from libs.service.routes import is_guarded, plain_routes

_TOO_LARGE = {str(status): response for status, response in problem_responses(TooLarge).items()}


def complete(schema: dict[str, Any], app: FastAPI, public: frozenset[str]) -> dict[str, Any]:
    """Add to the schema that FastAPI has made, in place."""
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = SCHEMA
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    schema["security"] = [{"bearer": []}]
    for route, operation in _operations(schema, app):
        if route.path in public and not is_guarded(route):
            operation["security"] = []
        if "requestBody" in operation:
            operation["responses"] = _TOO_LARGE | operation["responses"]
        read = [parameter for node in route.dependant.dependencies if (parameter := read_by(node.call))]
        if read:
            operation.setdefault("parameters", []).extend(read)
    return schema


def _operations(schema: dict[str, Any], app: FastAPI) -> Iterator[tuple[APIRoute, dict[str, Any]]]:
    for route in plain_routes(app):
        for method in (route.methods or ()) if route.include_in_schema else ():
            yield route, schema["paths"][route.path_format][method.lower()]
