"""Where a Flet session begins: the root above all screens, and what it gives to them."""

from dataclasses import replace
from typing import cast

import flet as ft

from app.core.errors import NotFound
from app.core.i18n import Translator, languages
from app.design.buttons import MainButton
from app.design.cards import Body, Card, Heading
from app.design.guard import action, calling, heal, keep_drawing, keyed, page_view, screen
from app.design.hooks import use_load
from app.design.layout import Bare, Frame, ScreenRoute
from app.design.look import Look
from app.design.memory import Memory
from app.design.session import AppSession, Lifetime, SessionContext, use_session
from app.design.states import explain, show, waiting
from app.design.theme import mode, themes
from app.home.screens import NOTICE_WAYS, PAGE_CARDS, ROUTES, TURNS
from app.messages.cards import PATH as CHAT
from app.messages.turning import TurnsContext
from app.messages.use import use_unread
from app.people.cards import HOME_KINDS, Mine, MineContext, use_mine, use_people
from app.people.model import Role
from app.people.slots import NoticeWaysContext, PageCardsContext
from app.protect.routes import ABOVE, ABOVE_FOR
from app.shell.wishes import in_background

NAME = "Handrail"
# Divides every width at which a screen looks different.
_STEP = 20
_HIDDEN = (ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE)


def open_app(page: ft.Page, session: AppSession) -> None:
    """Begin the session of a signed-in device on a new Flet page; call it from Flet's `main`.

    `session.t` are the words until the person's own language is known: those of the browser.
    """
    life = Lifetime(page, session.t)
    life.origin = session.origin
    life.seen = not in_background()

    @action
    def returned() -> None:
        # Perhaps another page of the same tab: what the old one said last was that it goes.
        life.seen = not in_background()
        heal(page)

    @action
    def resized(event: ft.PageResizeEvent) -> None:
        life.resize(event.width)

    @action
    def shown(event: ft.AppLifecycleStateChangeEvent) -> None:
        life.seen = event.state not in _HIDDEN
        # What came while nobody looked counts as read only now.
        if event.state is ft.AppLifecycleState.SHOW:
            life.wake()

    page.title = NAME
    page.on_connect = returned
    page.on_app_lifecycle_state_change = shown
    page.on_close = life.end
    page.on_resize = resized
    life.look = session.look
    _dress(page, session.t, session.look)
    page.render_views(Root, replace(session, memory=Memory(ft.SharedPreferences())))
    keep_drawing(page)


@page_view
def Root(start: AppSession) -> ft.View:
    """What no screen may lose: the way back from outside, the width, the look."""
    page = ft.context.page
    again, set_again = ft.use_state(0)
    life_number, set_life_number = ft.use_state(0)
    width, set_width = ft.use_state(_coarse(page.width or 0))
    look, set_look = ft.use_state(start.look)
    if life := Lifetime.of(page):
        life.look = look

    def be_reachable() -> None:
        if life := Lifetime.of(page):
            life.wake = lambda: set_again(lambda count: count + 1)
            life.restart = lambda: set_life_number(lambda count: count + 1)
            life.resize = lambda width: set_width(_coarse(width))
        # Whoever turned the device before there was anybody to tell.
        set_width(_coarse(page.width or 0))

    async def choose_look(chosen: Look) -> None:
        set_look(chosen)
        for name, value in chosen.kept().items():
            await start.memory.set(name, value)

    ft.use_effect(be_reachable, [])
    session = replace(start, width=width, look=look, choose_look=choose_look, again=again)
    return SessionContext(session, lambda: keyed(str(life_number), SignedIn))


@page_view
def SignedIn() -> ft.View:
    """Loads who is signed in; gives every screen their language and the routes of their role."""
    page, session = ft.context.page, use_session()
    loaded, reload = use_load(use_people().home, live=HOME_KINDS)
    person = loaded.data.person if loaded.data else None
    language = (person.language, person.time_zone) if person else None
    t = ft.use_memo(lambda: Translator(*language) if language else session.t, [language])
    look = session.look
    ft.use_effect(lambda: _dress(page, t, look), [language, look])
    if loaded.data is None:
        return Bare(waiting(t, loaded, reload), wide=session.wide)
    mine = Mine(loaded, loaded.data, reload)
    return SessionContext(
        replace(session, t=t, language=person.language if person else t.language),
        lambda: MineContext(mine, lambda: _Brought(mine.home.role)),
    )


def _Brought(role: Role | None) -> ft.View:
    """The screens with what rooms bring to those of the rooms below them."""
    return PageCardsContext(
        PAGE_CARDS,
        lambda: NoticeWaysContext(NOTICE_WAYS, lambda: TurnsContext(TURNS, lambda: Screens(role))),
    )


@page_view
def Screens(role: Role | None) -> ft.View:
    """The screens of one role, and nothing of any other."""
    children = [child for route in ROUTES if route.is_for(role) for child in _places(route)]
    elsewhere = ft.Route(path=":address*", component=Nowhere)
    frame = ft.Route(component=Framed, outlet=True, children=[*children, elsewhere])
    # Flet types a router as a control; with `manage_views` it draws views.
    return cast(ft.View, ft.Router([frame], manage_views=True))


def _places(route: ScreenRoute) -> list[ft.Route]:
    """Where the router finds a screen: at its path, and below it where it lists things."""
    if route.path == "/":
        return [ft.Route(index=True, component=route.screen)]
    paths = [route.path, *([f"{route.path}/:{route.below}"] if route.below else [])]
    return [ft.Route(path=path, component=route.screen) for path in paths]


@page_view
def Framed() -> ft.View:
    """A main screen between the bars; says so when what it shows may be out of date."""
    session, mine = use_session(), use_mine()
    here, outlet = ft.use_route_location(), ft.use_route_outlet()
    routes = [route for route in ROUTES if route.is_for(mine.home.role)]
    unread = use_unread(any(route.path == CHAT for route in routes))
    fills = any(route.holds(here) and route.fills for route in routes)
    body = show(session.t, mine.loaded, mine.reload, ready=lambda _: outlet, fills=fills)
    above = keyed("above", ABOVE) if ABOVE_FOR(mine.home) else None
    return Frame(session, routes, here, body, {CHAT: unread}, above)


@screen
def Nowhere() -> ft.Control:
    """An address inside the app that leads to no screen of this role."""
    session = use_session()
    missing = explain(session.t, NotFound("no_such_screen"))
    home = MainButton(session.t("Home"), calling(session.navigate, "/"), icon=ft.Icons.HOME_ROUNDED)
    way_out = ft.Row([home], wrap=True)
    return Card([Heading(missing.title, level=1), Body(missing.text), way_out])


def _coarse(width: float) -> int:
    """Nobody sees a few pixels, and each other width draws everything again."""
    return int(width // _STEP * _STEP)


def _dress(page: ft.Page, t: Translator, look: Look) -> None:
    """Give the page the direction, words and look of its reader."""
    if life := Lifetime.of(page):
        life.t = t
    page.rtl = t.rtl
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[ft.Locale(code) for code in languages()],
        current_locale=ft.Locale(t.language),
    )
    page.theme, page.dark_theme = themes(look, rtl=t.rtl)
    page.theme_mode = mode(look)
