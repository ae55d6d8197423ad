"""Demo data: a hosting provider with customers and tickets, made through the public HTTP API and nothing else."""
