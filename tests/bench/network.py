"""A slow network for one page, and the proof that it is as slow as was asked."""

import json
import re
from dataclasses import dataclass

import httpx
from playwright.sync_api import Browser, Page, Worker

from tests.fixtures.run import Run

# Lighthouse's slow 4G: the slowest quarter of what is sold as 4G.
_DOWN_KBPS, _UP_SHARE = 1_600, 750 / 1_600
_TIMED = """async (address) => {
    await (await fetch(address, { cache: 'no-store' })).arrayBuffer();
    const entry = performance.getEntriesByName(new URL(address, location.href).href).at(-1);
    return [entry.encodedBodySize, entry.responseEnd - entry.requestStart];
}"""


@dataclass(frozen=True)
class Network:
    """The throttle of one page."""

    page: Page
    kbps: int

    def read_back(self, run: Run) -> dict[str, float]:
        """What two downloads say about the throttle: a file of a few bytes and one of many."""
        return _read_back(self.page, run, self.kbps)


def slow_4g(page: Page, *, latency_ms: float) -> Network:
    """1.6 Mbps down, 750 kbps up for all that this page asks from now on."""
    return throttled(page, kbps=_DOWN_KBPS, latency_ms=latency_ms)


def throttled(page: Page, *, kbps: int, latency_ms: float) -> Network:
    """`kbps` down and about half of it up for all that this page asks from now on."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", _conditions(kbps, latency_ms))
    return Network(page, kbps)


def slow_cpu(page: Page, *, times: int = 4) -> None:
    """A phone's CPU, so many times slower than the one of this machine."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": times})


@dataclass(frozen=True)
class WorkerNetwork:
    """The throttle of one service worker."""

    worker: Worker
    kbps: int

    def read_back(self, run: Run) -> dict[str, float]:
        """As `Network.read_back`, asked for by the worker."""
        return _read_back(self.worker, run, self.kbps)


def slow_worker(browser: Browser, page: Page, *, latency_ms: float) -> WorkerNetwork:
    """Slow 4G for the worker of this page, which a throttle of the page does not reach."""
    while not page.context.service_workers:
        page.wait_for_timeout(10)
    worker = page.context.service_workers[0]
    devtools = browser.new_browser_cdp_session()
    targets = devtools.send("Target.getTargets")["targetInfos"]
    found = next(
        each for each in targets if (each["type"], each["url"]) == ("service_worker", worker.url)
    )
    wish = {"targetId": found["targetId"], "flatten": False}
    session = devtools.send("Target.attachToTarget", wish)["sessionId"]
    conditions = _conditions(_DOWN_KBPS, latency_ms)
    calls = [("Network.enable", {}), ("Network.emulateNetworkConditions", conditions)]
    for number, (method, values) in enumerate(calls):
        message = json.dumps({"id": number, "method": method, "params": values})
        devtools.send("Target.sendMessageToTarget", {"sessionId": session, "message": message})
    return WorkerNetwork(worker, _DOWN_KBPS)


def _conditions(kbps: int, latency_ms: float) -> dict[str, float | bool]:
    return {
        "offline": False,
        "latency": latency_ms,
        "downloadThroughput": kbps * 1000 / 8,
        "uploadThroughput": kbps * _UP_SHARE * 1000 / 8,
    }


def _read_back(asking: Page | Worker, run: Run, kbps: int) -> dict[str, float]:
    probes = [asking.evaluate(_TIMED, f"/favicon.svg?{number}") for number in range(3)]
    small, waited = min(probes, key=lambda probe: float(probe[1]))
    large, took = asking.evaluate(_TIMED, _font(run))
    rate = (large - small) * 8 / (took - waited)
    return {
        "asked_kbps": kbps,
        "kbps": round(rate, 1),
        "latency_ms": round(waited - small * 8 / rate, 1),
        "probe_bytes": large,
    }


def _font(run: Run) -> str:
    """A file of some 60 KB that goes out as it is."""
    worker = httpx.get(f"{run.url}/sw.js").text
    base = re.search(r"/e/[0-9a-f]+/", worker)
    font = re.search(r'[^"]+/roboto\.woff2', worker)
    assert base
    assert font
    return base[0] + font[0]
