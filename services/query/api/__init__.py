from services.query.api import calendars, export, figures, history, list_export, live, mine, tickets, views

# `/tickets/export` before `/tickets/{ticket_id}`, which would take it for an id.
routers = [
    list_export.router,
    tickets.router,
    mine.router,
    history.router,
    figures.router,
    live.router,
    views.router,
    calendars.router,
    export.router,
]

__all__ = ["routers"]
