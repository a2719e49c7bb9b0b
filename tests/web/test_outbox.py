"""What a browser keeps for us: sealed so that we open it, in order, once, and never another's."""

from typing import Any

import pytest
from playwright.async_api import Page, Route

from app.core.letterbox import Letterbox
from tests.web.test_host_page import chromium, until
from tests.web.wiring import running

pytestmark = pytest.mark.browser
BOX = Letterbox({"k1": bytes(range(32))})
KEEP = """([text, letterbox, mark, seen, id]) =>
  window.outbox.keep(text, { letterbox, mark, thread: 'thread', seen, id })"""
TELL = "([kind, detail]) => { dispatchEvent(new CustomEvent(kind, { detail })); }"
KEPT = "() => window.outbox.all()"


class Post:
    """Stands where the server is; takes nothing while it is `shut`."""

    def __init__(self) -> None:
        self.shut = True
        self.tries = 0
        self.texts: list[tuple[str, int | None]] = []

    async def take(self, route: Route) -> None:
        self.tries += 1
        if self.shut:
            await route.abort()
            return
        given: Any = route.request.post_data_json
        text = BOX.open(given["letter"], "mine", given["thread"], given["client"])
        self.texts.append((text, given["seen"]))
        await route.fulfill(json={"state": "sent"})


async def keep(page: Page, text: str, *, mark: str = "mine", **more: int | None) -> int:
    found: int = await page.evaluate(
        KEEP, [text, BOX.address, mark, more.get("seen", 3), more.get("id")]
    )
    return found


async def test_letters_go_in_order_once_and_those_of_another_sign_in_never() -> None:
    post = Post()
    async with running() as app, chromium() as context:
        page = await context.new_page()
        # The page opens the app as soon as somebody answers there.
        await page.route("**/healthz", lambda route: route.abort())
        await page.route("**/outbox", post.take)
        await page.goto(f"{app.origin}/offline?lang=en")
        await keep(page, "أول رسالة 🚌 " * 2_000)
        await keep(page, "not yours", mark="theirs")
        draft = await keep(page, "I wanted", seen=None)
        assert await keep(page, "I wanted to", seen=None, id=draft) == draft
        assert "wanted" not in str(await page.evaluate(KEPT))

        await page.evaluate(TELL, ["greeting", {"mark": "mine"}])
        await until(lambda: post.tries == 1, "a try")
        assert len(await page.evaluate(KEPT)) == 3

        post.shut = False
        await page.evaluate(TELL, ["connection", "back"])
        await until(lambda: len(post.texts) == 2, "both letters")
        assert post.texts == [("أول رسالة 🚌 " * 2_000, 3), ("I wanted to", None)]
        await page.wait_for_function("() => window.outbox.all().then((kept) => !kept.length)")
        assert post.tries == 3
