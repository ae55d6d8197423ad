"""Everything accounts asks of its database, besides appending to the log."""
