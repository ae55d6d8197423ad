"""The ticket: what may be done to it, and what it is after each event. Pure; the time and ids are given."""
