"""What axe-core finds wrong in a page, for people who cannot see, hear, point or read easily."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()
_GRAVE = {"serious", "critical"}
# By these a screen reader jumps; axe takes a page without them lightly, its listeners do not.
_PLACES = {"region", "landmark-one-main", "landmark-no-duplicate-main"}


def faults(page: Page) -> list[str]:
    """Grave faults of what is on the screen now, and what lies in no part to jump to.

    `AssertionError` when axe had nothing to look at, or looked at less than the page.
    """
    results: dict[str, Any] = _AXE.run(page, options={"resultTypes": ["violations"]}).response
    assert results["url"] == page.url
    assert len(results["passes"]) > 5, f"{page.url} gave axe nothing to look at"
    return [
        f"{page.url}: {rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in results["violations"]
        if rule["impact"] in _GRAVE or rule["id"] in _PLACES
        for node in rule["nodes"]
    ]


def faults_in_both_lights(page: Page) -> list[str]:
    """The same in light and in dark; the page stays as it is."""
    found = faults(page)
    page.emulate_media(color_scheme="dark")
    found += faults(page)
    page.emulate_media(color_scheme="light")
    return found
