from services.query.api import export, history, live, mine, tickets, views

routers = [tickets.router, mine.router, history.router, live.router, views.router, export.router]

__all__ = ["routers"]
