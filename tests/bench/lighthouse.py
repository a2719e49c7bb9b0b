"""What Lighthouse finds on the pages of the door and in the app: Node's `npx` fetches it."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bench.door import codes_of
from tests.e2e.chromium import ARGUMENTS, ensure_chromium
from tests.fixtures.run import Run, free_ports

# The last one that runs on Node 20.
_TOOL = "lighthouse@12.8.2"
_CATEGORIES = ("accessibility", "best-practices")
_PATIENCE = 180
# Opened by whoever is not signed in; the last one takes all cookies away.
_DOOR = ("/signin", "/join/{code}", "/help", "/install", "/signed-out")
_APP = ("/", "/me")


def points(run: Run) -> dict[str, Any]:
    """The score of each page from 0 to 100, what cost points, and how many the worst page lost.

    All pages open in one browser, which signs in before the app. Raises `RuntimeError` where there
    is no Node, or where another page opened than the one that was asked for.
    """
    if not shutil.which("npx"):
        raise RuntimeError("Lighthouse needs Node: install it, then measure again.")
    (port,) = free_ports(1)
    known = codes_of(run)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=str(ensure_chromium()),
            args=[*ARGUMENTS, f"--remote-debugging-port={port}"],
            locale="en",
        )
        for path in _DOOR:
            found[path] = _report(f"{run.url}{known.get(path, path)}", port)
        _sign_in(run, context.new_page())
        for path in _APP:
            found[path] = _report(f"{run.url}{path}", port)
        context.close()
    pages = found.values()
    return {
        "accessibility_lost": max(100 - page["accessibility"] for page in pages),
        "best_practices_lost": max(100 - page["best-practices"] for page in pages),
        "tool": _TOOL,
        "pages": found,
    }


def _sign_in(run: Run, page: Page) -> None:
    person = next(each for each in run.status()["demo"] if each["role"] == "young_person")
    page.goto(f"{run.url}/signin")
    page.fill("input[name=login]", person["login"])
    page.fill("input[name=secret]", person["secret"])
    page.click("main form button")
    page.locator("flt-semantics").first.wait_for(state="attached", timeout=60_000)
    page.close()


def _report(address: str, port: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        subprocess.run(
            [
                "npx", "--yes", _TOOL, address, "--quiet", f"--port={port}",
                f"--only-categories={','.join(_CATEGORIES)}", "--throttling-method=provided",
                "--disable-storage-reset", "--output=json", f"--output-path={file}",
            ],
            check=True,
            timeout=_PATIENCE,
        )  # fmt: skip
        report = json.loads(file.read_text(encoding="utf-8"))
    if report["finalDisplayedUrl"].split("?")[0] != address:
        raise RuntimeError(f"{address} led to {report['finalDisplayedUrl']}")
    return {
        **{each: _points(report, each) for each in _CATEGORIES},
        "faults": _faults(report),
    }


def _points(report: dict[str, Any], category: str) -> int:
    return round(float(report["categories"][category]["score"]) * 100)


def _faults(report: dict[str, Any]) -> list[str]:
    """The names of the audits that cost points."""
    weighed = {
        each["id"]
        for category in report["categories"].values()
        for each in category["auditRefs"]
        if each["weight"]
    }
    return sorted(name for name in weighed if report["audits"][name]["score"] not in (None, 1))
