"""What somebody typed stays in its field, whatever is drawn around it."""

from typing import cast
from uuid import uuid4

import flet as ft

from app.design import theme
from app.design.buttons import MainButton, QuietButton
from app.design.forms import Field
from app.design.guard import action, screen
from app.design.hooks import use_action
from app.design.session import use_session
from tests.ui.bare import Bell, opening
from tests.ui.harness import Visitor


@screen
def Form() -> ft.Control:
    """A form that refuses what is sent, as those of the rooms do, and is drawn at each return."""
    use_session()
    given, set_given = ft.use_state("")
    wrong, set_wrong = ft.use_state(cast("str | None", None))

    def ada() -> None:
        set_given("Ada")

    async def send() -> None:
        set_wrong("Please look again.")

    run, running = use_action(send)
    return ft.Column(
        [
            Field("Name", lambda _: None, value=given, wrong=wrong),
            MainButton("Send", run, running=running),
            QuietButton("Begin with Ada", action(ada)),
        ]
    )


async def begin() -> Visitor:
    """A person who opened the form and wrote a name."""
    visitor = await Visitor.open(opening(Form, Bell(), uuid4()))
    await visitor.type("Name", "Rosa")
    return visitor


async def test_in_the_colour_of_other_words_in_the_light_and_in_the_dark() -> None:
    visitor = await begin()
    (field,) = (node for node in visitor.browser.nodes() if node.get("_c") == "TextField")

    # Without one, Flutter writes black, on dark paper too.
    assert field.get("color") == theme.INK


async def test_when_it_is_refused() -> None:
    visitor = await begin()
    await visitor.tap("Send")
    await visitor.until_sees("Please look again.")
    assert visitor.written("Name") == "Rosa"


async def test_when_the_network_comes_back() -> None:
    visitor = await begin()
    await visitor.lose_network()
    await visitor.return_()
    await visitor.settle()
    assert visitor.written("Name") == "Rosa"


async def test_when_the_screen_is_drawn_between_a_letter_and_its_handler() -> None:
    visitor = await begin()
    field = next(node for node in visitor.browser.nodes() if node.get("_c") == "TextField")
    field["value"] = "Rosa L"
    visitor.session.apply_patch(field["_i"], {"value": "Rosa L"})
    await visitor.tap("Send")
    await visitor.until_sees("Please look again.")
    assert visitor.written("Name") == "Rosa L"


async def test_until_the_screen_gives_another_text() -> None:
    visitor = await begin()
    await visitor.tap("Begin with Ada")
    assert visitor.written("Name") == "Ada"
    await visitor.type("Name", "Rosa")
    await visitor.tap("Send")
    assert visitor.written("Name") == "Rosa"
