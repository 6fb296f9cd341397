"""What is counted of web requests: by route, method and status, never by path or person."""

from prometheus_client import Counter, Histogram

ANSWERS = Counter("decompte_http_answers_total", "Answers by route.", ("route", "method", "status"))
SECONDS = Histogram(
    "decompte_http_seconds",
    "Seconds from the request to its answer.",
    ("route",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
