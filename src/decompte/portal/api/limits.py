"""How often somebody may call: a count a minute in each server process."""

from django.core.cache import cache

from decompte.portal import clock

WINDOW_SECONDS = 60


def wait_seconds(who: str, most: int) -> int:
    """Count a call and return 0, or the seconds to wait when there were more than `most`."""
    moment = clock.machine_seconds()
    key = f"calls:{who}:{moment // WINDOW_SECONDS}"
    cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
    return 0 if cache.incr(key) <= most else WINDOW_SECONDS - moment % WINDOW_SECONDS
