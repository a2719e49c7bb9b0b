"""Where a screen sits: a bottom bar on phones, a rail on tablets, both from the same routes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import flet as ft

from app.core.i18n import Translator
from app.design import theme
from app.design.bar import Bar, Menu, Place, Rail, fits
from app.design.look import Look
from app.design.session import AppSession, look_now
from app.design.tokens import COLUMN, CORNER, PHONE, ROOM, SIDE, SIDE_OF_BROAD, SNUG, WIDE

# Wider, the two ends of a line lose each other.
_WIDEST = 720


@dataclass(frozen=True)
class ScreenRoute:
    """One screen of a room, as its `routes.py` lists it: a line of its own in the bar.

    `screen` is a component without arguments. `label` gives its name in the reader's words. An
    empty `roles` means every role; screens of other roles are not mounted at all. With `below`,
    the same screen also stands at `path/<something>`, and asks `ft.use_route_params()` for
    `below`. With `panes` it lays out the whole width itself, and one that `fills` the whole height,
    on a phone too: something in it scrolls, and the rest stays in its place. One that stands
    `under` the path of another has no place in the bar: the other one leads to it, and is marked
    there. A phone's bar has room for five.
    """

    path: str
    screen: Callable[[], ft.Control]
    label: Callable[[Translator], str]
    icon: ft.IconData
    roles: frozenset[str] = frozenset()
    below: str | None = None
    panes: bool = False
    fills: bool = False
    under: str | None = None

    def is_for(self, role: str | None) -> bool:
        """Whether somebody working in this role has the screen."""
        return not self.roles or role in self.roles

    def holds(self, path: str) -> bool:
        """Whether this screen is what stands at an address."""
        if path == self.path:
            return True
        head, _, last = path.rpartition("/")
        return self.below is not None and head == self.path and bool(last)


@dataclass(frozen=True)
class HomeCard:
    """A card that a room brings to the first screen of some roles; `name` is its own in the app.

    A calm screen shows the first one alone, and others when asked. `pressing` ones, which may be
    empty, stand on every screen.
    """

    name: str
    card: Callable[[], ft.Control]
    roles: frozenset[str]
    pressing: bool = False


def Frame(
    session: AppSession,
    routes: Sequence[ScreenRoute],
    here: str,
    body: ft.Control,
    news: Mapping[str, int] = MappingProxyType({}),
    above: ft.Control | None = None,
) -> ft.View:
    """The view of a main screen: `body` with the way to the other main screens.

    `news` says by path how many new things wait there. `above` stands over `body` and does not
    scroll.
    """
    shown = [route for route in routes if route.under is None]
    places = [route.path for route in shown]
    now = next((route for route in routes if route.holds(here)), None)
    place = (now.under or now.path) if now else ""
    at = places.index(place) if place in places else 0
    whole = now is not None and (now.fills or (now.panes and session.wide))

    def go(number: int) -> None:
        session.navigate(places[number])

    sheet = _below_corner(body, above) if whole else _Sheet(body, session.wide, above)
    if len(shown) < 2:
        return _view([sheet])
    names = [Place(route.icon, route.label(session.t), news.get(route.path, 0)) for route in shown]
    if session.wide:
        side = [Rail(names, at, go), _UprightLine(session.look), sheet]
        return _view([ft.Row(side, spacing=0, expand=True)])
    if fits(names, session.width or PHONE, session.look):
        return _view([sheet], Bar(names, at, go))
    return _view([sheet, Menu(names, at, go)])


def Bare(body: ft.Control, *, wide: bool) -> ft.View:
    """A view without ways to anywhere, for before anything is known."""
    return _view([_Sheet(body, wide)])


def Panes(side: ft.Control, main: ft.Control, *, broad: bool, fills: bool = False) -> ft.Control:
    """A list beside what was chosen from it, each scrolling for itself; for tablets.

    A `broad` one, held sideways, has more room for the list. Where what was chosen `fills` its
    height, something in it scrolls instead.
    """
    width = SIDE_OF_BROAD if broad else SIDE
    return ft.Row(
        [
            ft.Container(content=_scrolling(side, width=None), width=width),
            _UprightLine(look_now()),
            ft.Container(
                content=Filling(main) if fills else _scrolling(main, width=COLUMN), expand=True
            ),
        ],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def Filling(body: ft.Control) -> ft.Control:
    """What takes all the height of its pane or screen and scrolls inside."""
    return ft.Container(
        content=ft.Container(content=body, width=_WIDEST),
        padding=ft.Padding.symmetric(horizontal=ROOM, vertical=SNUG),
        alignment=ft.Alignment.TOP_CENTER,
        expand=True,
    )


def Scrolling(body: ft.Control) -> ft.Control:
    """What is longer than the screen, on one that `fills` the height."""
    return _scrolling(body, width=None)


def Stack(children: Sequence[ft.Control]) -> ft.Control:
    """The parts of a screen from top to bottom."""
    return ft.Column(
        list(children),
        spacing=WIDE,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _UprightLine(look: Look) -> ft.Control:
    return ft.VerticalDivider(width=look.line, thickness=look.line, color=theme.LINE)


def _view(controls: list[ft.BaseControl], bar: ft.NavigationBar | None = None) -> ft.View:
    # One route name for all main screens: going from one to another is no journey and slides in
    # from nowhere, and "back" leaves the app instead of walking through the bar.
    return ft.View(
        route="/",
        can_pop=False,
        controls=controls,
        navigation_bar=bar,
        padding=0,
        spacing=0,
        bgcolor=theme.PAPER,
    )


def _Sheet(body: ft.Control, wide: bool, above: ft.Control | None = None) -> ft.Control:
    """The scrolling part, never wider than lines can be read."""
    return _below_corner(_scrolling(body, width=COLUMN if wide else None), above)


def _below_corner(body: ft.Control, above: ft.Control | None = None) -> ft.Control:
    """Keeps the strip free where the page has help and the quick exit, above this canvas."""
    room = ft.Container(content=body, expand=True)
    below = ft.Column(
        [ft.Container(height=CORNER), *([above] if above else []), room],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.SafeArea(content=below, expand=True)


def _scrolling(body: ft.Control, width: int | None) -> ft.Control:
    """Scrolls up and down; at most `width` wide, else as wide as there is room."""
    space = ft.Padding.symmetric(horizontal=ROOM, vertical=WIDE)
    return ft.Column(
        [ft.Container(content=body, width=width + 2 * ROOM if width else None, padding=space)],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=(
            ft.CrossAxisAlignment.CENTER if width else ft.CrossAxisAlignment.STRETCH
        ),
    )
