"""The refresh token as a cookie, for browsers: scripts cannot read it, and other sites cannot make use of it.

Against forged requests of other sites (CSRF) stand: SameSite=Strict, so that they send no cookie; a JSON body, which a
browser sends to another origin only after asking, and nobody here says yes; and what the browser says of where the request
comes from, which also holds sister sites off. What a cookie can do is to refresh: whatever changes anything takes the access
token, which no browser sends by itself.
"""

from fastapi import Request
from pydantic import SecretStr
from starlette.responses import Response

from libs.service.problems import Forbidden
from services.accounts.sign_in import SignedIn

PATH = "/api/accounts/session"
_OWN = {"same-origin", "none"}
"""From this origin, or by the user themselves."""


def require_same_origin(request: Request) -> None:
    """Forbidden if the browser says that another origin's page sent this; other clients say nothing of the kind."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        foreign = site not in _OWN
    else:  # browsers from before 2023
        foreign = origin is not None and origin.partition("://")[2] != request.headers.get("host")
    if foreign:
        raise Forbidden("Sent by another site")


def token_in(request: Request, *, secure: bool) -> SecretStr:
    """The refresh token that the browser keeps; empty if it has none."""
    return SecretStr(request.cookies.get(_name(secure=secure), ""))


def keep(response: Response, signed_in: SignedIn, *, secure: bool) -> None:
    assert signed_in.refresh_token is not None
    response.set_cookie(
        _name(secure=secure),
        signed_in.refresh_token.get_secret_value(),
        max_age=signed_in.refresh_expires_in,
        path=PATH,
        secure=secure,
        httponly=True,
        samesite="strict",
    )


def drop(response: Response, *, secure: bool) -> None:
    response.delete_cookie(_name(secure=secure), path=PATH, secure=secure, httponly=True, samesite="strict")


def _name(*, secure: bool) -> str:
    """With the prefix no insecure page, and no page that is not encrypted, can plant another one in its place."""
    return "__Secure-helpdesk-refresh" if secure else "helpdesk-refresh"
