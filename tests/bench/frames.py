"""How soon the app speaks and draws: first words, first frame, cold, warm, and after a form.

All on a phone's CPU (four times slower than this machine). Cold: a browser that has the sign-in and
nothing else. Warm: the whole engine and the worker are there. CanvasKit stands for Safari and
Firefox: the same Chromium under another name.
"""

import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.bench.network import (
    Network,
    WorkerNetwork,
    slow_4g,
    slow_cpu,
    slow_worker,
    throttled,
)
from tests.e2e.chromium import browser as chromium
from tests.fixtures.run import Run

_TRIES = 3
_PATIENCE_MS = 120_000
# Finding the host, connecting, TLS: the throttle knows nothing of connections.
_HANDSHAKES = 3
_SLOW, _FAIR = (1_600, 150), (9_000, 100)
_SENT_AFTER_MS, _QUIET_MS = 5_000, 2_000
NO_CHROMIUM: Final = "Object.defineProperty(Navigator.prototype, 'vendor', { get: () => '' });"
_WATCH: Final = """
addEventListener('submit', () => { sessionStorage.setItem('sent', Date.now()); });
addEventListener('flutter-first-frame', () => {
    window.frame = {
        frame_ms: performance.now(),
        words_ms: window.words ?? 0,
        form_ms: Date.now() - Number(sessionStorage.getItem('sent') ?? NaN),
    };
});
addEventListener('begun', () => { window.frame.screen_ms = performance.now(); });
new PerformanceObserver((seen) => { window.words = seen.getEntries().at(-1).startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
"""
_KEPT: Final = """async (count) => {
    const name = (await caches.keys()).find((each) => each.startsWith('handrail-engine-'));
    return Boolean(name) && (await (await caches.open(name)).keys()).length >= count;
}"""
_FILES_OF_ONE_ENGINE = 7


def first_frames(run: Run) -> dict[str, Any]:
    """Medians in milliseconds, and every sample with the load of the machine at its time."""
    samples: dict[str, list[dict[str, float]]] = {}
    built = run.app("build", seconds=900)
    assert built.returncode == 0, built.stderr
    with chromium() as browser:
        state = signed_in(browser, run)
        for _ in range(_TRIES):
            for name, init in (("lean", ""), ("canvaskit", NO_CHROMIUM)):
                samples.setdefault(f"slow_{name}", []).append(
                    _cold(browser, run, state, init, *_SLOW)
                )
                samples.setdefault(f"fair_{name}", []).append(
                    _cold(browser, run, state, init, *_FAIR)
                )
                samples.setdefault(f"warm_{name}", []).append(_warm(browser, run, state, init))
            samples.setdefault("form_warmed", []).append(_form(browser, run, warmed=True))
            samples.setdefault("form_warming", []).append(_form(browser, run, warmed=False))
            samples.setdefault("form_alone", []).append(_form(browser, run, worker=False))
    return {**_figures(samples), "samples": samples}


def _figures(samples: dict[str, list[dict[str, float]]]) -> dict[str, float]:
    def median(name: str, figure: str) -> float:
        return round(statistics.median(each[figure] for each in samples[name]), 2)

    return {
        "words_ms": median("slow_lean", "words_ms"),
        **{f"{name}_ms": median(name, "frame_ms") for name in samples if "form" not in name},
        **{f"{name}_ms": median(name, "form_ms") for name in samples if "form" in name},
        "form_warming_to_alone": round(
            median("form_warming", "form_ms") / median("form_alone", "form_ms"), 3
        ),
        **{
            f"{name}_{figure}": median(name, figure)
            for name in ("slow_lean", "slow_canvaskit", "warm_lean", "warm_canvaskit")
            for figure in ("bytes", "requests")
        },
        "throttle_misses": sum(
            not (0.8 * each["asked_kbps"] <= each["kbps"] <= 1.15 * each["asked_kbps"])
            for kept in samples.values()
            for each in kept
            if "kbps" in each
        ),
    }


def _cold(
    browser: Browser, run: Run, state: StorageState, init: str, kbps: int, latency_ms: int
) -> dict[str, float]:
    with phone(browser, init, storage_state=state, service_workers="block") as context:
        page = context.new_page()
        network = throttled(page, kbps=kbps, latency_ms=latency_ms)
        slow_cpu(page)
        return _opened(page, run, network, handshakes_ms=_HANDSHAKES * latency_ms)


def _warm(browser: Browser, run: Run, state: StorageState, init: str) -> dict[str, float]:
    with phone(browser, init, storage_state=state) as context:
        page = context.new_page()
        page.goto(run.url, wait_until="commit")
        _frame(page)
        wait(page, f"({_KEPT})({_FILES_OF_ONE_ENGINE})")
        # A page of its own: what the first one left in memory is gone.
        page.close()
        page = context.new_page()
        slow_cpu(page)
        return _opened(page, run)


def _opened(
    page: Page, run: Run, network: Network | None = None, handshakes_ms: int = 0
) -> dict[str, float]:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    sent: list[float] = []
    devtools.on("Network.loadingFinished", lambda got: sent.append(got["encodedDataLength"]))
    load = os.getloadavg()[0]
    page.goto(run.url, wait_until="commit")
    figures = _frame(page)
    wait(page, "window.frame.screen_ms ?? 0")
    figures = page.evaluate("window.frame") | {"bytes": sum(sent), "load": round(load, 1)}
    figures["requests"] = sum(each > 0 for each in sent)
    for name in ("frame_ms", "words_ms", "screen_ms"):
        figures[name] = round(figures[name] + handshakes_ms, 1)
    del figures["form_ms"]
    slow_cpu(page, times=1)
    # What the first screen still does would count as a slow line.
    page.wait_for_timeout(_QUIET_MS if network else 0)
    return {**figures, **(network.read_back(run) if network else {})}


def _form(
    browser: Browser, run: Run, *, warmed: bool = False, worker: bool = True
) -> dict[str, float]:
    """From the form's button to the first frame on slow 4G: when the worker had fetched all, when
    it was at it for some seconds, and when there is none."""
    with phone(browser, service_workers="allow" if worker else "block") as context:
        page = context.new_page()
        if not warmed:
            _slow(page)
        page.goto(f"{run.url}/signin")
        network: Network | WorkerNetwork | None = None
        if warmed:
            wait(page, f"({_KEPT})({_FILES_OF_ONE_ENGINE})")
            _slow(page)
        elif worker:
            network = slow_worker(browser, page, latency_ms=_SLOW[1])
        page.wait_for_timeout(_SENT_AFTER_MS)
        load = os.getloadavg()[0]
        _sign_in(page, run)
        frame = _frame(page)
        figures = {"form_ms": round(frame["form_ms"], 1), "load": round(load, 1)}
        return {**figures, **(network.read_back(run) if network else {})}


def _slow(page: Page) -> None:
    slow_4g(page, latency_ms=_SLOW[1])
    slow_cpu(page)


@contextmanager
def phone(browser: Browser, init: str = "", **wishes: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en", **wishes)
    context.add_init_script(init + _WATCH)
    try:
        yield context
    finally:
        context.close()


def signed_in(browser: Browser, run: Run) -> StorageState:
    with phone(browser, service_workers="block") as context:
        page = context.new_page()
        page.goto(f"{run.url}/signin")
        _sign_in(page, run)
        _frame(page)
        state = context.storage_state()
        # The cookie alone: a phone that has nothing else of us.
        state["origins"] = []
        return state


def _sign_in(page: Page, run: Run) -> None:
    person = next(each for each in run.status()["demo"] if each["role"] == "young_person")
    page.fill("input[name=login]", person["login"])
    page.fill("input[name=secret]", person["secret"])
    page.click("main form button", no_wait_after=True)
    page.wait_for_url(lambda url: "/signin" not in url, wait_until="commit", timeout=_PATIENCE_MS)


def _frame(page: Page) -> dict[str, float]:
    wait(page, "window.frame ?? 0")
    figures: dict[str, float] = page.evaluate("window.frame")
    return figures


def wait(page: Page, expression: str) -> None:
    """Until the page says so; asked seldom, so that asking costs the slow phone nothing."""
    for _ in range(_PATIENCE_MS // 100):
        page.wait_for_timeout(100)
        if page.evaluate(expression):
            return
    raise AssertionError(f"waited in vain for {expression}")
