"""Log lines as JSON that name events and places in the code, never people.

A message is kept as its template, without what would be filled in; an error as its type and the
lines of code it passed, without its words, since a database or a parser quotes what it was given.
"""

import logging
from traceback import extract_tb
from types import TracebackType

from pythonjsonlogger.json import JsonFormatter

from decompte.portal.watch.middleware import request_id

OURS = ("decompte", "django", "gunicorn")
FIELDS = ("route", "method", "status", "milliseconds")
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class EventFormatter(JsonFormatter):
    """One JSON object a line: when, how grave, which logger, which event, which request."""

    def __init__(self) -> None:
        """Keep to the fields that hold no personal data."""
        super().__init__(reserved_attrs=[])

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
            "request": request_id(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line |= _error(record.exc_info)
        return self.jsonify_log_record(line)


def _event(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] in OURS and isinstance(record.msg, str):
        return record.msg
    return f"{record.module}.{record.funcName}"


def _error(info: ExcInfo) -> dict[str, object]:
    kind, _error, trace = info
    frames = extract_tb(trace)
    return {
        "error": kind.__name__ if kind else "",
        "passed": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
