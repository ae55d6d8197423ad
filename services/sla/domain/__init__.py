"""What sla decides; pure. The time is given.

hours, target   a department's settings, each with all its changes and their instants
plan            both of one department: what was in force when
wait            a wait laid over departments and their plans
ticket          what has been said of a ticket's waits, and what is to be said now
"""
