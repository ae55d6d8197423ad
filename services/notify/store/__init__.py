"""All of notify's SQL."""
