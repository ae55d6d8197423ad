"""All of intake's SQL, and how a ticket is written down."""
