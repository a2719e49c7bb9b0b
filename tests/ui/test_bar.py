"""The ways to the main screens: at most five, and readable however large the text is."""

import pytest

from app.core.hints import Fanout
from app.design.bar import Place, fits
from app.design.look import Look
from app.home.screens import ROUTES
from app.people.model import Role
from tests.ui.browser import Browser
from tests.ui.conftest import MakeAccount
from tests.ui.harness import Visitor
from tests.ui.naming import headings

TABLET, MOST = 820, 5


def _bar(browser: Browser) -> dict[str, object] | None:
    return next((node for node in browser.nodes() if node.get("_c") == "NavigationBar"), None)


@pytest.mark.parametrize("role", Role)
def test_no_role_has_more_screens_than_a_bar_has_room_for(role: Role) -> None:
    shown = [route for route in ROUTES if route.is_for(role) and route.under is None]

    assert len(shown) <= MOST


@pytest.mark.parametrize("route", [route for route in ROUTES if route.under])
def test_what_stands_under_another_screen_is_for_nobody_who_lacks_that_one(route: object) -> None:
    above = [each for each in ROUTES if each.path == getattr(route, "under", None)]
    # Without roles it is for everybody.
    roles = frozenset[str]().union(*(each.roles or set(Role) for each in above))

    assert getattr(route, "roles", None)
    assert getattr(route, "roles", frozenset()) <= roles


@pytest.mark.parametrize(
    ("width", "percent", "whole"),
    [(390, 100, True), (390, 200, False), (320, 100, True), (320, 200, False), (720, 200, True)],
)
def test_names_stand_in_the_bar_only_in_one_piece(width: float, percent: int, whole: bool) -> None:
    names = ("Home", "People", "Staff", "Protect", "Me")
    places = [Place(ROUTES[0].icon, name) for name in names]

    assert fits(places, width, Look(percent=percent)) is whole


async def test_the_screen_under_another_one_is_marked_there(account: MakeAccount) -> None:
    miriam = await account("Miriam")
    visitor = await Visitor.open(miriam.begin(Fanout()), route="/waiting")
    await visitor.until_sees("Every young person has a key worker.")

    bar = _bar(visitor.browser)
    assert bar
    assert bar["selected_index"] == 1
    await visitor.tap("Young people")
    await visitor.until_sees("Nobody is here yet.")


async def test_with_large_text_a_menu_leads_to_the_other_screens(account: MakeAccount) -> None:
    miriam = await account("Miriam")
    visitor = await Visitor.open(miriam.begin(Fanout(), look=Look(percent=200)))
    await visitor.until_sees("Hello Miriam")
    assert _bar(visitor.browser) is None

    await visitor.tap("Menu")
    await visitor.answer("Staff")

    await visitor.until_sees("Colleagues")


async def test_what_no_longer_fits_becomes_a_menu_and_a_bar_again(account: MakeAccount) -> None:
    miriam = await account("Miriam")
    visitor = await Visitor.open(miriam.begin(Fanout(), look=Look(percent=200)), width=700)
    await visitor.until(lambda: _bar(visitor.browser) is not None, "a bar")

    await visitor.resize(390)
    await visitor.until(lambda: _bar(visitor.browser) is None, "a menu")
    await visitor.resize(700)
    await visitor.until(lambda: _bar(visitor.browser) is not None, "a bar")


async def test_a_problem_beside_a_list_is_the_first_heading(account: MakeAccount) -> None:
    miriam = await account("Miriam")
    for path in ("/waiting/nobody", "/people/nobody", "/staff/nobody", "/protect/x", "/me/x"):
        visitor = await Visitor.open(miriam.begin(Fanout()), route=path, width=TABLET)
        await visitor.until_sees("That is not here")

        first = [text for level, text in headings(visitor.browser.tree) if level == 1]
        assert first == ["That is not here"], path
