"""Durations as Go writes them, such as ``1h30m``: the API takes them for bans."""

import re
from datetime import timedelta
from decimal import Decimal

from app.local.auth.errors import AuthError, validation_failed

_UNITS = {
    "ns": Decimal("0.001"), "us": Decimal(1), "µs": Decimal(1), "μs": Decimal(1),
    "ms": Decimal(10**3), "s": Decimal(10**6), "m": Decimal(60 * 10**6),
    "h": Decimal(3600 * 10**6),
}  # fmt: skip
_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_WHOLE = re.compile(rf"(?:{_PART.pattern})+", re.ASCII)
# Go counts nanoseconds in 63 bits.
_LARGEST_MICROSECONDS = ((1 << 63) - 1) // 1000
_LONGEST_TEXT = 64


def ban_of(text: str | None) -> timedelta | None:
    """How long a ban given as ``ban_duration`` lasts; ``none`` and ``0`` end one: no duration.

    Raises AuthError for anything that Go's time.ParseDuration refuses.
    """
    if not text or text in ("none", "0"):
        return None
    sign = -1 if text[0] == "-" else 1
    digits = text[1:] if text[0] in "+-" else text
    if digits == "0":
        return None
    if len(text) > _LONGEST_TEXT or not _WHOLE.fullmatch(digits):
        raise _refused(text)
    total = sum(Decimal(number) * _UNITS[unit] for number, unit in _PART.findall(digits))
    if total > _LARGEST_MICROSECONDS:
        raise _refused(text)
    return timedelta(microseconds=sign * int(total)) or None


def _refused(text: str) -> AuthError:
    shown = text[:_LONGEST_TEXT]
    return validation_failed(f'invalid format for ban duration: time: invalid duration "{shown}"')
