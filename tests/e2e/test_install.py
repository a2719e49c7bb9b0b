"""On the home screen: what a real browser makes of the manifest, and of the page that shows how."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import Visitor
from tests.fixtures.run import Run

_OFFER = """() => {
    const offer = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
        prompt: async () => { window.prompted = true; },
        userChoice: Promise.resolve({ outcome: 'dismissed' }),
    });
    return dispatchEvent(offer);
}"""


def read(page: Page) -> dict[str, Any]:
    """The manifest as this browser took it; fails on whatever keeps it from installing the app."""
    devtools = page.context.new_cdp_session(page)
    found = devtools.send("Page.getAppManifest")
    assert found["errors"] == []
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A story's browser keeps nothing, as a private window does; that is the one thing it misses.
    assert [each["errorId"] for each in errors] == ["in-incognito"]
    manifest: dict[str, Any] = json.loads(found["data"])
    return manifest


def test_a_browser_takes_the_manifest_under_the_name_that_was_chosen(
    run: Run, visitor: Callable[..., Visitor]
) -> None:
    page = visitor(run, language="de").page
    page.goto(f"{run.url}/signin")
    assert read(page)["name"] == "Handrail"
    page.goto(f"{run.url}/install")
    page.get_by_label("Meine Notizen").check()
    page.get_by_role("button", name="Diese Wahl behalten").click()
    page.wait_for_url("**/install?lang=de")
    assert read(page)["name"] == "Meine Notizen"
    assert page.get_by_label("Meine Notizen").is_checked()

    # The one button is there only where the browser offers to do it, and only once.
    put = page.locator("#put")
    assert not put.is_visible()
    assert page.evaluate(_OFFER) is False
    put.click()
    page.locator("#android").wait_for()
    assert page.evaluate("window.prompted")
    assert not put.is_visible()


def test_the_page_shows_the_way_of_this_phone_alone_and_ends_the_card(
    run: Run, visitor: Callable[..., Visitor]
) -> None:
    selam = visitor(run)
    page = selam.page
    devtools = page.context.new_cdp_session(page)
    phone = "Mozilla/5.0 (Linux; Android 13; Pixel 5) AppleWebKit/537.36 Chrome/125.0 Mobile"
    devtools.send("Network.setUserAgentOverride", {"userAgent": phone, "platform": "Linux armv8l"})
    page.add_init_script(
        "localStorage.getItem('flutter.handrail.install') ??"
        " localStorage.setItem('flutter.handrail.install', '\"2026-01-01\"')"
    )
    selam.sign_in("blue-heron-27")
    selam.sees("Handrail on your home screen")
    page.get_by_role("button", name="Show me how").click()
    page.wait_for_url("**/install?lang=en")
    page.get_by_text("On a phone with Android").wait_for()
    assert not page.get_by_text("On an iPhone or iPad").is_visible()

    page.get_by_role("link", name="Back to Handrail").click()
    selam.sees("My key worker")
    page.get_by_text("Handrail on your home screen").wait_for(state="detached")
    assert read(page)["scope"] == "/"

    # Inside what is installed, so on a page of our own that says nothing.
    page.evaluate("Object.defineProperty(navigator, 'standalone', { value: true })")
    page.locator("#exit").click()
    page.wait_for_url("**/blank")
    assert "Handrail" not in page.title() + page.locator("body").inner_text()
