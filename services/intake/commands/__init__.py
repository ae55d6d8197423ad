"""Carrying out intake's commands: who may, on which ticket; then the domain decides.

Each command answers the ticket after it, and raises a Problem when it is refused.
"""
