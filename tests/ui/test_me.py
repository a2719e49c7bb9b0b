"""The page about oneself: what may be chosen there, and where it is kept."""

from typing import Any

import pytest

from app.core.hints import Fanout
from app.design.look import Look, Scheme
from tests.ui.conftest import MakeAccount
from tests.ui.harness import Visitor

PHONE, TABLET = 390, 1000


def _theme(visitor: Visitor) -> dict[str, Any]:
    theme: dict[str, Any] = visitor.browser.tree["theme"]
    return theme


def _letters(visitor: Visitor) -> object:
    return _theme(visitor)["text_theme"]["body_large"]["size"]


def _borders(visitor: Visitor) -> set[object]:
    return {
        node["border"]["top"].get("width", 1)
        for node in visitor.browser.nodes()
        if node.get("_c") == "Container" and node.get("border")
    }


async def test_what_one_may_choose_opens_below_me_and_leads_back(account: MakeAccount) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me", width=PHONE)
    await visitor.until_sees("Text size")
    await visitor.tap("Text size")
    await visitor.until_sees("This counts on this device only.")

    assert visitor.address == "/me/text"
    assert not visitor.sees("Sign out")
    await visitor.tap("Me")
    await visitor.until_sees("Sign out")


async def test_a_tablet_shows_the_list_beside_what_was_opened(account: MakeAccount) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/look", width=TABLET)

    await visitor.until_sees("High contrast")
    assert visitor.sees("Sign out")


async def test_an_unknown_part_of_me_leads_back(account: MakeAccount) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/nothing")
    await visitor.until_sees("That is not here")

    await visitor.tap("Try again")
    await visitor.until_sees("Sign out")


async def test_the_size_of_text_counts_at_once_and_is_kept(account: MakeAccount) -> None:
    amina = await account("Amina")
    memory: dict[str, object] = {}
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/text", memory=memory)
    await visitor.until_sees("Largest")
    await visitor.tap("Largest")

    await visitor.until(lambda: _letters(visitor) == 32, "letters of twice the size")
    await visitor.until(lambda: len(memory) == 3, "all to be kept")
    assert memory == {
        "handrail.look": "device",
        "handrail.calm": False,
        "handrail.text_percent": 200,
    }


async def test_with_large_text_the_words_of_a_line_stand_below_its_icon(
    account: MakeAccount,
) -> None:
    amina = await account("Amina")
    for percent, kind in ((125, "Row"), (150, "Column"), (200, "Column")):
        look = Look(percent=percent)
        visitor = await Visitor.open(amina.begin(Fanout(), look), route="/me", width=320)
        await visitor.until_sees("Text size")
        lines = [node["content"] for node in visitor.browser.nodes() if node.get("ink")]
        rows = [line for line in lines if "Text size" in str(line)]
        assert [row["_c"] for row in rows] == [kind]


async def test_high_contrast_is_black_on_white_with_thick_lines(account: MakeAccount) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/look")
    await visitor.until_sees("High contrast")
    assert _borders(visitor) == {1}
    await visitor.tap("High contrast")

    await visitor.until(lambda: _borders(visitor) == {2, 4}, "thick lines")
    colours = _theme(visitor)["color_scheme"]
    assert (colours["surface"], colours["on_surface"]) == ("#FFFFFF", "#000000")
    dark = visitor.browser.tree["dark_theme"]["color_scheme"]
    assert (dark["surface"], dark["on_surface"]) == ("#000000", "#FFFFFF")


@pytest.mark.parametrize(
    ("name", "mode"), [("Light", "light"), ("Dark", "dark"), ("As this device has it", "system")]
)
async def test_light_and_dark_are_chosen_whatever_the_device_has(
    account: MakeAccount, name: str, mode: str
) -> None:
    amina = await account("Amina")
    other = Look(scheme=Scheme.CONTRAST)
    visitor = await Visitor.open(amina.begin(Fanout(), other), route="/me/look")
    await visitor.until_sees(name)
    await visitor.tap(name)

    await visitor.until(lambda: visitor.browser.tree.get("theme_mode", "system") == mode, mode)
    assert _borders(visitor) == {1}


async def test_the_look_of_a_device_counts_from_the_first_drawing(account: MakeAccount) -> None:
    amina = await account("Amina")
    look = Look(scheme=Scheme.DARK, percent=150)
    visitor = await Visitor.open(amina.begin(Fanout(), look))
    dressed = next(n for n, frame in enumerate(visitor.heard) if b"theme_mode" in frame)
    drawn = next(n for n, frame in enumerate(visitor.heard) if b"One moment" in frame)

    assert dressed <= drawn
    assert visitor.browser.tree["theme_mode"] == "dark"
    assert _letters(visitor) == 24


async def test_calm_screens_do_not_move(account: MakeAccount) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(Fanout(), Look(calm=True)), route="/me/look")
    kinds = {node.get("_c") for node in visitor.browser.nodes()}
    await visitor.until_sees("Nothing moves.")

    assert "ProgressRing" not in kinds | {node.get("_c") for node in visitor.browser.nodes()}
    assert set(_theme(visitor)["page_transitions"].values()) == {"none"}


async def test_a_calm_first_screen_shows_one_thing_at_a_time(young_person: MakeAccount) -> None:
    amber = await young_person("Amber")
    visitor = await Visitor.open(amber.begin(Fanout(), Look(calm=True)))
    await visitor.until_sees("My key worker")
    assert not visitor.sees("Young person")

    await visitor.tap("Show more")
    await visitor.until_sees("Staying in touch")
    assert not visitor.sees("Young person")
    await visitor.tap("Show more")
    await visitor.until_sees("Young person")
    assert not visitor.sees("Show more")


async def test_calm_screens_leave_out_pictures_that_say_nothing(key_worker: MakeAccount) -> None:
    samira = await key_worker("Samira")
    icons = []
    for look in (Look(), Look(calm=True)):
        visitor = await Visitor.open(samira.begin(Fanout(), look), route="/people")
        await visitor.until_sees("Nobody is here yet.")
        discs = [node for node in visitor.browser.nodes() if node.get("shape") == "circle"]
        icons.append(len(discs))

    assert icons == [1, 0]
