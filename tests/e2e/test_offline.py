"""Without network: our own page and the numbers to call, never the browser's error; and back."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.core.i18n import Translator
from app.safety.words import DOMAIN
from tests.e2e.conftest import Visitor
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
LOGIN, NAME, HERE = "blue-heron-27", "Selam", "/me/language"
# What the worker keeps: the text of each address, by store; nothing of what is no text.
KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const answer = await cache.match(url, { ignoreVary: true });
      const { pathname, search } = new URL(url);
      const text = answer.headers.get('content-type').startsWith('text/html');
      (kept[name.split('-')[1]] ??= {})[pathname + search] = text ? await answer.text() : '';
    }
  }
  return kept;
}"""


def kept(page: Page, *addresses: str, seconds: float = 20) -> dict[str, dict[str, str]]:
    """What is kept, once all these are."""
    for _ in range(int(seconds * 5)):
        found: dict[str, dict[str, str]] = page.evaluate(KEPT)
        if set(addresses) <= found.get("offline", {}).keys():
            return found
        page.wait_for_timeout(200)
    raise AssertionError(f"kept is only {found.get('offline', {}).keys()}")


def test_whoever_opens_the_app_without_network_meets_our_page_and_comes_back_by_itself(
    run: Run, visitor: Make
) -> None:
    someone = visitor(run)
    page = someone.page
    someone.sign_in(LOGIN)
    stores = kept(page, "/offline?lang=en&country=DE", "/blank?lang=en")
    assert stores.keys() <= {"offline", "engine"}
    assert len(stores["offline"]) == 2
    assert NAME not in str(stores)
    page.context.set_offline(True)
    page.goto(f"{run.url}/help?lang=en")
    assert page.locator('a[href="tel:112"], a[href="tel:116111"]').count() == 2
    page.goto(f"{run.url}{HERE}")
    page.get_by_role("heading", name="No connection right now").wait_for()
    page.locator("#again").click()
    page.get_by_text("Still no connection.").wait_for()
    page.context.set_offline(False)
    someone.sees("Deutsch")
    assert page.url == f"{run.url}{HERE}"


def test_signed_out_the_page_is_kept_again_in_the_persons_language_and_nothing_else(
    run: Run, visitor: Make
) -> None:
    someone = visitor(run, language="ar")
    page = someone.page
    someone.sign_in(LOGIN)
    kept(page, "/offline?lang=en&country=DE")
    page.evaluate("caches.open('handrail-before-signing-out')")
    someone.sign_out()
    stores = kept(page, "/offline?lang=ar", "/offline?lang=en")
    assert stores.keys() == {"offline"}
    assert page.evaluate("caches.has('handrail-before-signing-out')") is False
    page.context.set_offline(True)
    page.goto(run.url)
    t = Translator("ar", domain=DOMAIN)
    page.get_by_role("heading", name=t("No connection right now")).wait_for()
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.locator('a[hreflang="en"]').click()
    page.get_by_role("heading", name="No connection right now").wait_for()
    # Installed, the quick exit stays in the app: on the page that shows nothing.
    page.goto(f"{run.url}/blank")
    page.get_by_role("link", name=t("Back")).wait_for()


def test_a_form_without_network_keeps_what_was_typed_and_the_way_out_is_empty(
    run: Run, visitor: Make
) -> None:
    page = visitor(run).page
    page.goto(f"{run.url}/signin")
    kept(page, "/offline?lang=en", "/blank?lang=en")
    page.wait_for_function("navigator.serviceWorker.controller")
    page.fill("input[name=login]", LOGIN)
    page.fill("input[name=secret]", "quiet river")
    page.context.set_offline(True)
    words = page.get_by_role("alert").get_by_text("No answer right now. Please try again")
    for thinks_of_a_network in (True, False):
        page.evaluate(
            "online => Object.defineProperty(navigator, 'onLine', "
            "{ get: () => online, configurable: true })",
            thinks_of_a_network,
        )
        page.locator("main form button").click(no_wait_after=True)
        words.wait_for()
        assert page.input_value("input[name=login]") == LOGIN
        assert page.input_value("input[name=secret]") == "quiet river"
        page.evaluate("document.getElementById('unsent').replaceChildren()")
    page.locator("#exit").click()
    page.get_by_role("link", name="Back").wait_for()
    assert page.url == f"{run.url}/blank"


# How long it takes from the network's return until the server serves the page again.
BACK = """new Promise((done) => {
  let since = 0;
  addEventListener('online', () => { since = performance.now(); });
  addEventListener('connection', ({ detail }) => {
    if (detail === 'back' && since) done((performance.now() - since) / 1000);
  });
})"""


def test_in_the_open_app_a_line_says_it_and_what_was_typed_meanwhile_arrives(
    run: Run, visitor: Make
) -> None:
    someone = visitor(run)
    page = someone.page
    someone.sign_in("miriam@hafenlicht.example")
    page.goto(f"{run.url}/staff/new")
    someone.types("Name", "")
    page.evaluate(f"window.back = {BACK}; true")
    page.context.set_offline(True)
    page.keyboard.type("Rosa Lima")
    line = page.get_by_role("status").get_by_text("No connection. What you see may be old.")
    line.wait_for(timeout=5_000)
    box = line.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < page.evaluate("innerHeight") / 4
    page.get_by_role("button", name="Mentor", exact=True).wait_for()
    page.context.set_offline(False)
    assert page.evaluate("window.back") <= 3
    expect(line).to_be_hidden()
    assert page.url == f"{run.url}/staff/new"
    # The server knows what was typed meanwhile, or it would ask for a name.
    page.get_by_role("button", name="Send the invitation").click()
    someone.sees("Please choose a role.")
