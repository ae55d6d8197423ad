"""The HTTP interface of accounts."""

from services.accounts.api import accounts, administrators, api_keys, named, own_sessions, session, users

PUBLIC = session.PUBLIC
ROUTERS = [
    session.router,
    own_sessions.router,
    accounts.router,
    users.router,
    administrators.router,
    named.groups,
    named.projects,
    api_keys.router,
]
