"""Flet's loggers write whole frames, session names and tracebacks; ours may hold none of that."""

import logging
from typing import Final

_LOGGERS: Final = (
    "flet",
    "flet_components",
    "flet_controls",
    "flet_object_patch",
    "flet_transport",
    "flet_web",
    "flet_web.fastapi",
)


class _KindOnly(logging.Filter):
    """Keeps that something happened, and of which kind; drops what it was about."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0] if record.exc_info else None
        place = f"{record.module}:{record.funcName}"
        record.msg = f"flet {kind.__name__ if kind else record.levelname.lower()} in {place}"
        record.args = None
        record.exc_info = None
        record.exc_text = None
        record.stack_info = None
        return True


_FILTER: Final = _KindOnly()


def quiet_flet() -> None:
    """Makes Flet's loggers say the kind and place of warnings and errors only."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        if _FILTER not in logger.filters:
            logger.addFilter(_FILTER)
