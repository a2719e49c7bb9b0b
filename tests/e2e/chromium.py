"""Finds or installs the browser of the stories, and starts it the same way everywhere."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# WebGL without a graphics card; and no call home from a browser that is only a tool here.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip


class NoBrowser(Exception):
    """No Chromium was found and none could be installed."""


def find_chromium() -> Path | None:
    """`CHROMIUM`, then what is on PATH, then Playwright's own download."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named)
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None


def ensure_chromium() -> Path:
    """The browser's path; installs one when there is none. Raises `NoBrowser`."""
    found = find_chromium()
    if found:
        return found
    print("No Chromium found; installing one for the browser stories.", flush=True)
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for call in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "chromium"]):
            subprocess.run(call, env=environment, check=False, stdout=subprocess.DEVNULL)
    else:
        subprocess.run(["playwright", "install", "chromium"], check=False)
    found = find_chromium()
    if not found:
        raise NoBrowser(
            "No Chromium is here and none could be installed. Set CHROMIUM to one, "
            "or leave the browser stories out with --no-browser."
        )
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium with a new, empty profile."""
    with sync_playwright() as playwright:
        started = launch(playwright)
        try:
            yield started
        finally:
            started.close()


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(
        executable_path=str(ensure_chromium()), headless=True, args=ARGUMENTS
    )
