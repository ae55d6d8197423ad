"""All services in containers on one machine, each on its own, behind one port."""
