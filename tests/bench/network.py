"""A slow network for one page, and the proof that it is as slow as was asked."""

import re
from dataclasses import dataclass

import httpx
from playwright.sync_api import Page

from tests.fixtures.run import Run

# Lighthouse's slow 4G: the slowest quarter of what is sold as 4G.
_DOWN_KBPS, _UP_KBPS = 1_600, 750
_TIMED = """async (address) => {
    await (await fetch(address, { cache: 'no-store' })).arrayBuffer();
    const entry = performance.getEntriesByName(new URL(address, location.href).href).at(-1);
    return [entry.encodedBodySize, entry.responseEnd - entry.requestStart];
}"""


@dataclass(frozen=True)
class Network:
    """The throttle of one page."""

    page: Page

    def read_back(self, run: Run) -> dict[str, float]:
        """What two downloads say about the throttle: a file of a few bytes and one of many."""
        probes = [self.page.evaluate(_TIMED, f"/favicon.svg?{number}") for number in range(3)]
        small, waited = min(probes, key=lambda probe: float(probe[1]))
        large, took = self.page.evaluate(_TIMED, _font(run))
        rate = (large - small) * 8 / (took - waited)
        return {
            "kbps": round(rate, 1),
            "latency_ms": round(waited - small * 8 / rate, 1),
            "probe_bytes": large,
        }


def slow_4g(page: Page, *, latency_ms: float) -> Network:
    """1.6 Mbps down, 750 kbps up for all that this page asks from now on."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": latency_ms,
            "downloadThroughput": _DOWN_KBPS * 1000 / 8,
            "uploadThroughput": _UP_KBPS * 1000 / 8,
        },
    )
    return Network(page)


def _font(run: Run) -> str:
    """A file of some 60 KB that goes out as it is."""
    worker = httpx.get(f"{run.url}/sw.js").text
    base = re.search(r"/e/[0-9a-f]+/", worker)
    font = re.search(r'[^"]+/roboto\.woff2', worker)
    assert base
    assert font
    return base[0] + font[0]
