"""Events: the log that holds them, the relay that tells them, the consumer that follows them, and their catalogue."""
