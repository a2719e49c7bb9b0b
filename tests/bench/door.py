"""What the door costs on the way: bytes of every plain page, and how soon its forms can be used."""

import statistics
from typing import Any

import httpx
from playwright.sync_api import Browser, Page

from app.core.i18n import languages
from app.shell.pages import DOMAIN
from tests.bench.network import slow_4g
from tests.e2e.chromium import browser as chromium
from tests.e2e.codes import invitation, new_code, return_code
from tests.e2e.route_tables import plain_routes
from tests.fixtures.run import Run

_TRIES = 7
_HANDSHAKES, _LATENCY_MS = 3, 150
# Seen by the person and taking what they type: the first frame that has all of the form in it.
_WATCH = """() => {
    const look = () => requestAnimationFrame(() => {
        const button = document.querySelector('main form button');
        const field = document.querySelector('main form input:not([type="hidden"]):not([hidden])');
        const drawn = [button, field].every((each) => each?.getBoundingClientRect().height > 0);
        field?.focus();
        if (drawn && document.activeElement === field) window.usableAt = performance.now();
        else look();
    });
    look();
}"""


def page_weights(run: Run) -> dict[str, Any]:
    """Bytes of each page as the server sends it to a browser, in its heaviest language."""
    codes = codes_of(run)
    weights = _signed_in_weights(run)
    help_scripts = 0
    with httpx.Client(headers={"accept-encoding": "gzip, deflate, br"}) as client:
        for path in plain_routes(run):
            for language in languages(DOMAIN):
                address = f"{run.url}{codes.get(path, path)}"
                with client.stream("GET", _in(address, language)) as answer:
                    body = b"".join(answer.iter_raw())
                if answer.status_code == 200:
                    weights[path] = max(weights.get(path, 0), len(body))
            if path == "/help":
                help_scripts = client.get(address).text.count("<script")
    return {
        "heaviest_bytes": max(weights.values()),
        "help_bytes": weights["/help"],
        "help_scripts": help_scripts,
        "locked_bytes": weights["/locked"],
        "bytes": weights,
    }


def _in(address: str, language: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


def _signed_in_weights(run: Run) -> dict[str, int]:
    """The pages that open only to somebody who is signed in, and to one who left in a hurry."""
    person = next(each for each in run.status()["demo"] if each["role"] == "young_person")
    with chromium() as browser:
        page = browser.new_page()
        page.goto(f"{run.url}/signin")
        page.fill("input[name=login]", person["login"])
        page.fill("input[name=secret]", person["secret"])
        page.click("main form button")
        page.locator("flt-semantics").first.wait_for(state="attached", timeout=60_000)
        weights = {"/lock-choice": _weight(page, f"{run.url}/lock-choice")}
        page.context.route("https://**", lambda route: route.fulfill(body="Sunny"))
        page.locator("#exit").click()
        page.wait_for_url("https://**")
        return {**weights, "/locked": _weight(page, f"{run.url}/locked")}


def _weight(page: Page, address: str) -> int:
    answer = page.goto(address)
    assert answer
    assert answer.url.split("?")[0] == address
    return int(answer.header_value("content-length") or 0)


def usable(run: Run) -> dict[str, Any]:
    """From the moment somebody opens the code's address to a form that takes typing, on slow 4G.

    Each sample is a browser that was never here before. The throttle is read back by a download of
    a known size, in the same page; it acts on each request and knows nothing of connections, so the
    three round trips that finding the host, connecting and TLS take are added. With and without
    the script that fetches the engine: blocked workers mean no fetching.
    """
    code = codes_of(run)["/join/{code}"]
    samples: dict[str, list[dict[str, float]]] = {"join": [], "join_without_warming": []}
    with chromium() as browser:
        for _ in range(_TRIES):
            samples["join"].append(_open(browser, run, code, warming=True))
            samples["join_without_warming"].append(_open(browser, run, code, warming=False))
    waits = {name: [each["usable_ms"] for each in kept] for name, kept in samples.items()}
    rates = [each["kbps"] for kept in samples.values() for each in kept]
    delays = [each["latency_ms"] for kept in samples.values() for each in kept]
    return {
        "slowest_ms": max(max(each) for each in waits.values()),
        "median_ms": {name: round(statistics.median(each)) for name, each in waits.items()},
        "throttle_misses": sum(
            not (1_300 <= rate <= 1_800 and delay >= 0.9 * _LATENCY_MS)
            for rate, delay in zip(rates, delays, strict=True)
        ),
        "samples": samples,
    }


def _open(browser: Browser, run: Run, path: str, *, warming: bool) -> dict[str, float]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="en",
        service_workers="allow" if warming else "block",
    )
    try:
        page: Page = context.new_page()
        network = slow_4g(page, latency_ms=_LATENCY_MS)
        page.add_init_script(f"({_WATCH})()")
        page.goto(f"{run.url}{path}", wait_until="commit")
        usable_at = 0.0
        while not usable_at:
            page.wait_for_timeout(20)
            usable_at = page.evaluate("window.usableAt ?? 0")
        page.wait_for_load_state()
        return {
            "usable_ms": round(usable_at + _HANDSHAKES * _LATENCY_MS, 1),
            "measured_ms": round(usable_at, 1),
            **network.read_back(run),
        }
    finally:
        context.close()


def codes_of(run: Run) -> dict[str, str]:
    """For each path with a code in it, as the router has it, an address with a new one."""
    joined = next(each["name"] for each in run.status()["demo"] if each["role"] == "young_person")
    return {
        "/join/{code}": f"/join/{new_code(run, 'key_worker', 'Bench', 'young_person')}",
        "/back/{code}": f"/back/{return_code(run, joined)}",
        "/invited": invitation(run),
    }
