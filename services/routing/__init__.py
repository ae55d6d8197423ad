"""Routing: how the provider is organised, and which department and how many points each ticket gets."""
