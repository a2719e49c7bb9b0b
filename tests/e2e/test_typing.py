"""A screen reader follows what is typed, from the first field of the first screen on."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import PHONE, TABLET, Visitor
from tests.fixtures.run import Run

ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/148.0.0.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize("phone", [False, True], ids=["with a mouse", "by touch"])
def test_what_is_typed_on_the_first_screen_stands_in_the_tree(
    run: Run, browser: Browser, phone: bool
) -> None:
    size = PHONE if phone else TABLET
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        is_mobile=phone,
        has_touch=phone,
        user_agent=ANDROID if phone else None,
    )
    miriam = Visitor(run, context.new_page())
    miriam.sign_in("miriam@hafenlicht.example")
    # From the browser's store the engine comes so fast that a field could have the keyboard first.
    for _ in range(3):
        miriam.page.goto(f"{run.url}/staff/new")
        miriam.types("Name", "Rosa")
        miriam.types("E-mail address", "rosa@post.example")
        # Refused without a role: the form is drawn again, and nothing of it is lost.
        miriam.page.get_by_role("button", name="Send the invitation", exact=True).click()
        miriam.sees("Please choose a role.")
        miriam.types("E-mail address", "rosa@post.example")
        expect(miriam.page.get_by_label("Name", exact=True)).to_have_value("Rosa")
    context.close()
