"""Tickets: every command on a ticket, and the blocks that administrators hold while they write."""
