from services.query.api import live, mine, tickets

routers = [tickets.router, mine.router, live.router]

__all__ = ["routers"]
