"""Whose certificates are believed by clients of HTTP."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """The usual authorities, read once a process: each client would read them again, for a twentieth of a second."""
    return httpx.create_ssl_context()
