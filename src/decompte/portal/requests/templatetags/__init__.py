"""Template filters of requests."""
