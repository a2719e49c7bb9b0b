"""What a first and a second visit cost in bytes and requests, and what stock flet-web costs.

Counted on the wire, with heads and sockets, for the page and its worker alike. Cold: a browser that
has the sign-in and nothing else, until its first screen is drawn. Warm: the same browser again.
CanvasKit is what iPhones take: the same Chromium under another name.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx
from playwright.sync_api import Browser, Page, StorageState

from tests.bench.frames import NO_CHROMIUM, phone, signed_in, wait
from tests.bench.wire import Wire, wire_to
from tests.e2e.chromium import browser as chromium
from tests.fixtures.run import ROOT, Run, free_ports

_KINDS: Final = (("lean", ""), ("canvaskit", NO_CHROMIUM))
# The worker and what it keeps for a day without network: counted in bytes, though the first screen
# waits for none of it.
_KEPT_FOR_LATER: Final = re.compile(r"/(sw\.js|offline|blank|help)\b")
_SETTLED_SECONDS: Final = 12.0
_SLOWER: Final = 60_000


def transfers(run: Run) -> dict[str, Any]:
    """Bytes and requests of each visit, and our share of what stock flet-web sends."""
    _best_copies(run)
    found: dict[str, Any] = {}
    with chromium() as browser, _stock() as stock, wire_to(run.port) as wire:
        state = signed_in(browser, run)
        for kind, init in _KINDS:
            theirs = _stock_visit(browser, stock, init)
            ours = _visits(browser, run, wire, state, init)
            figures = {**ours, **theirs, "share": round(ours["cold"] / theirs["stock"], 4)}
            found |= {f"{kind}_{name}": figure for name, figure in figures.items()}
    return found


def _visits(
    browser: Browser, run: Run, wire: Wire, state: StorageState, init: str
) -> dict[str, Any]:
    with phone(browser, init, storage_state=state, proxy=_through(wire)) as context:
        page = context.new_page()
        wire.reset()
        _opened(page, run.url)
        needed = [each for each in wire.asked if not _KEPT_FOR_LATER.search(each)]
        cold = {"cold": wire.received, "cold_requests": len(needed), "cold_asked": wire.asked}
        page.wait_for_timeout(_SETTLED_SECONDS * 1000)
        settled = {"settled": wire.received, "settled_requests": len(wire.asked)}
        page.close()
        page = context.new_page()
        wire.reset()
        _opened(page, run.url)
        warm = {"warm": wire.received, "warm_requests": len(wire.asked), "warm_asked": wire.asked}
        return {**cold, **settled, **warm}


def _opened(page: Page, url: str) -> None:
    page.goto(url, wait_until="commit")
    wait(page, "window.frame?.screen_ms ?? 0")


def _stock_visit(browser: Browser, port: int, init: str) -> dict[str, Any]:
    with wire_to(port) as wire, phone(browser, init, proxy=_through(wire)) as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}", wait_until="commit")
        page.locator("flutter-view").wait_for(state="attached", timeout=_SLOWER)
        quiet, before = 0, -1
        # It never says that it is done: nothing more comes for three seconds.
        while quiet < 3:
            page.wait_for_timeout(1000)
            quiet = quiet + 1 if wire.received == before else 0
            before = wire.received
        return {"stock": wire.received, "stock_requests": len(wire.asked)}


def _through(wire: Wire) -> Any:
    return {"server": f"http://127.0.0.1:{wire.port}"}


def _best_copies(run: Run) -> None:
    """As they are once the app had two minutes; tests make do with quick ones."""
    done = run.environment | {"HANDRAIL_SQUEEZE": "best"}
    subprocess.run([sys.executable, "-m", "app", "build"], cwd=ROOT, env=done, check=True, stdout=2)


@contextmanager
def _stock() -> Iterator[int]:
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.stock", str(port)], cwd=ROOT, env={**os.environ}
    )
    try:
        for _ in range(300):
            try:
                httpx.get(f"http://127.0.0.1:{port}/")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()
