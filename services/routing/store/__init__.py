"""All of routing's SQL."""
