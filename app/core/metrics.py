"""Figures of this process in the text format that Prometheus reads.

No labels but those fixed in the code: a figure must never carry what only a person would know.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable

from app.core.errors import is_code

_LAST = 2000


class Counter:
    """A number that only grows."""

    def __init__(self) -> None:
        self.value = 0

    def add(self, by: int = 1) -> None:
        self.value += by


class Timings:
    """How long something took: count and sum since the start, quantiles of the last 2000."""

    def __init__(self) -> None:
        self.count = 0
        self.sum = 0.0
        self._last: deque[float] = deque(maxlen=_LAST)

    def add(self, seconds: float) -> None:
        self.count += 1
        self.sum += seconds
        self._last.append(seconds)

    def quantile(self, share: float) -> float:
        """The value that this share of the last ones does not exceed; NaN without any."""
        if not self._last:
            return math.nan
        ordered = sorted(self._last)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


class Metrics:
    """The table of all figures; every name is given once, with its meaning."""

    def __init__(self) -> None:
        self._figures: dict[str, tuple[str, str, Callable[[], Iterable[str]]]] = {}

    def counter(self, name: str, meaning: str) -> Counter:
        """`name` ends in `_total`."""
        counter = Counter()
        self._add(name, meaning, "counter", lambda: [f" {counter.value}"])
        return counter

    def gauge(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """A figure that is read when somebody asks; NaN means that it is not known."""
        self._add(name, meaning, "gauge", lambda: [f" {_number(read())}"])

    def timings(self, name: str, meaning: str) -> Timings:
        """`name` ends in `_seconds`."""
        timings = Timings()

        def lines() -> Iterable[str]:
            for share in (0.5, 0.99):
                yield f'{{quantile="{share}"}} {_number(timings.quantile(share))}'
            yield f"_sum {_number(timings.sum)}"
            yield f"_count {timings.count}"

        self._add(name, meaning, "summary", lines)
        return timings

    def text(self) -> str:
        """Everything, for `GET /metrics`."""
        parts: list[str] = []
        for name, (meaning, kind, lines) in sorted(self._figures.items()):
            full = f"handrail_{name}"
            parts += [f"# HELP {full} {meaning}", f"# TYPE {full} {kind}"]
            parts += [full + line for line in lines()]
        return "\n".join(parts) + "\n"

    def _add(self, name: str, meaning: str, kind: str, lines: Callable[[], Iterable[str]]) -> None:
        if not is_code(name) or name in self._figures:
            raise ValueError(f"a figure needs a snake_case name of its own, not {name!r}")
        self._figures[name] = (meaning, kind, lines)


def _number(value: float) -> str:
    return "NaN" if math.isnan(value) else f"{value:.6g}"
