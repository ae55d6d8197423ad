"""What routing knows and decides. Pure: no I/O, and the time is given."""
