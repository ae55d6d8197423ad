"""Mail and webhooks out, following the other services' events like any other system."""
