"""Naming an error without what people wrote: messages of pydantic and PostgreSQL quote values, and logs are not erased."""

import traceback

import asyncpg
from pydantic import ValidationError


def named(error: Exception) -> str:
    """The kind of an error and where it was raised; with the places pydantic or PostgreSQL complain of, but no values."""
    return f"{type(error).__name__}{_complaint(error)} at {_raised_at(error)}"[:500]


def _complaint(error: Exception) -> str:
    if isinstance(error, ValidationError):
        places = (f"{'.'.join(map(str, one['loc']))} {one['type']}" for one in error.errors(include_input=False))
        return f" ({'; '.join(places)})"
    if isinstance(error, asyncpg.PostgresError):
        parts = (error.sqlstate, error.table_name, error.column_name, error.constraint_name)
        return f" ({' '.join(part for part in parts if part)})"
    return ""


def _raised_at(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or list(frames)
    return f"{ours[-1].filename.rsplit('/', 2)[-1]}:{ours[-1].lineno} {ours[-1].name}" if ours else "?"
