"""Mail out: from rows of the outbox to what a server has taken."""
