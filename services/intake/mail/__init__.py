"""Mail in: kept first, answered for then, and made into exactly one ticket or message after that."""
