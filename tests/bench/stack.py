"""How fast the whole stack starts and how much memory it holds when nobody does anything."""

import time
import urllib.request
from typing import Any

import psutil

from tests.fixtures.run import Run

_IDLE_SECONDS = 20


def start_seconds(run: Run) -> dict[str, Any]:
    """From an empty data folder to a web app that says it is ready; then the demo is awaited."""
    begin = time.perf_counter()
    run.spawn()
    while not _ready(run.url):
        time.sleep(0.02)
        if time.perf_counter() - begin > 60:
            raise AssertionError(run.output())
    seconds = time.perf_counter() - begin
    run.wait(run.has_demo, 60)
    return {"seconds": round(seconds, 2), "with_demo": round(time.perf_counter() - begin, 2)}


def idle_memory(run: Run) -> dict[str, Any]:
    """Proportional set size, summed over every process of the run, after a quiet while."""
    time.sleep(_IDLE_SECONDS)
    by_name: dict[str, float] = {}
    for process in _processes(run):
        try:
            name = " ".join(process.cmdline()[2:4]) or process.name()
            pss = process.memory_full_info().pss / 2**20
        except psutil.NoSuchProcess:
            continue
        name = "postgres" if "postgres" in process.name() else name
        by_name[name] = round(by_name.get(name, 0) + pss, 1)
    return {"pss_mb": round(sum(by_name.values()), 1), "by_process": by_name}


def gateway(run: Run) -> psutil.Process:
    """The process of the local Supabase."""
    return next(each for each in _processes(run) if each.cmdline()[-1:] == ["local"])


def _processes(run: Run) -> list[psutil.Process]:
    if not run.process:
        raise AssertionError("nothing runs")
    first = psutil.Process(run.process.pid)
    return [first, *first.children(recursive=True)]


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=1) as answer:  # noqa: S310  (loopback)
            return bool(answer.status == 200)
    except OSError:
        return False
