import logging
import re
from typing import Any

import structlog

FEED = re.compile(r"(/calendar/)[^/\s?]{20,}")


def hide_feeds(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    """The address of a calendar's feed is a password: keep it out of every line, a typo's too."""
    return {
        key: FEED.sub(r"\1…", said) if isinstance(said, str) else said for key, said in line.items()
    }


SHARED = [
    structlog.contextvars.merge_contextvars,  # the request id
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(allow=["method", "path", "status", "ms"]),
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
    hide_feeds,
]


def logging_config(*, json: bool, level: str) -> dict[str, Any]:
    """Return a dictConfig: one line an event on stderr, JSON for machines or plain for people.

    Only the fields that ExtraAdder allows reach a line: never a body, a form or a person's name.
    """
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},  # 404 and 409 are told by the request log
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            "celery": {"level": logging.WARNING},
            "kombu": {"level": logging.WARNING},
        },
    }
