"""Events to systems that do not speak NATS."""
