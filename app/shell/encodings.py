"""Which form of an answer a browser wants: brotli, gzip or as it is."""

from collections.abc import Sequence
from typing import Final

IDENTITY: Final = "identity"


def preferred(header: str, offered: Sequence[str]) -> list[str]:
    """Those of `offered` (best first) that `Accept-Encoding` allows, the most wanted first.

    `IDENTITY` is always among them, at the end unless the browser ranks it: whoever forbids it too
    gets it all the same, which is better than nothing.
    """
    wishes = dict(_wish(part) for part in header.lower().split(",") if part.strip())
    others = wishes.get("*", 0.0)
    ranks = {name: wishes.get(name, others) for name in offered}
    allowed = [name for name in sorted(ranks, key=ranks.__getitem__, reverse=True) if ranks[name]]
    identity = wishes.get(IDENTITY, 0.0)
    better = [name for name in allowed if ranks[name] >= identity]
    return [*better, IDENTITY, *(name for name in allowed if name not in better)]


def _wish(part: str) -> tuple[str, float]:
    """A name and how much it is wanted, from 0 to 1; what cannot be read is not wanted."""
    name, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return name, min(max(float(value), 0.0), 1.0)
            except ValueError:
                return name, 0.0
    return name, 1.0
