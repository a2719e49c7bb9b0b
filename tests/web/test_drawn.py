"""What the engine draws with the fonts that we send: icons, scripts and emoji, as pixels."""

import asyncio
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from itertools import product
from pathlib import Path

import flet as ft
import pytest
from PIL import Image
from playwright.async_api import Page

from app.shell.build import build
from app.shell.copies import Copies
from app.shell.engine import Engine
from app.shell.icons import icons_used
from app.shell.static import APP, ASSETS
from tests.fixtures.run import share_engine
from tests.web.test_host_page import chromium, until
from tests.web.test_static import nothing
from tests.web.wiring import WEB, Running, running

pytestmark = pytest.mark.browser
# Flutter takes CanvasKit wherever the browser is not Chromium's own.
NO_CHROMIUM = "Object.defineProperty(Navigator.prototype, 'vendor', { get: () => '' })"
_SIDE, _COLUMNS, _ABOVE = 30, 12, 2
Opened = tuple[Running, Page, list[tuple[str, int]]]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Running]:
    share_engine(tmp_path)
    engine = Engine(WEB, ASSETS, Copies(tmp_path / "engine"), icons_used(APP))
    await asyncio.to_thread(build, engine, best=False, tell=nothing)
    async with running(engine=engine) as started:
        yield started


@pytest.fixture(params=["lean", "full"])
async def opened(app: Running, request: pytest.FixtureRequest) -> AsyncIterator[Opened]:
    async with chromium() as context:
        cookie = app.people.sign_in("Amber")
        await context.add_cookies([{"name": app.cookie.name, "value": cookie, "url": app.origin}])
        if request.param == "full":
            await context.add_init_script(NO_CHROMIUM)
        page = await context.new_page()
        answered: list[tuple[str, int]] = []
        page.on("response", lambda got: answered.append((got.url, got.status)))
        await page.goto(f"{app.origin}/plan")
        button = page.get_by_role("button", name="tap", exact=True)
        await button.wait_for(timeout=20_000)
        used = {url.rpartition("/")[2] for url, _ in answered}
        assert ("skwasm.wasm" in used, "canvaskit.wasm" in used) == (
            request.param == "lean",
            request.param == "full",
        )
        yield app, page, answered


async def picture(page: Page) -> Image.Image:
    return Image.open(BytesIO(await page.screenshot())).convert("RGB")


async def drawn(page: Page, wanted: Callable[[Image.Image], bool], what: object) -> Image.Image:
    """The first picture of the screen that is as `wanted`; `what` is said when none is."""
    for _ in range(60):
        shown = await picture(page)
        if wanted(shown):
            return shown
        await asyncio.sleep(0.2)
    raise AssertionError(f"waited for {what}")


def show(app: Running, control: ft.Control) -> None:
    [page] = app.pages.values()
    page.padding = 0
    page.bgcolor = "#ffffff"
    page.theme_mode = ft.ThemeMode.LIGHT
    page.controls = [control]
    page.update()


def cells(shown: Image.Image, count: int) -> list[bytes]:
    places = [
        (column, _ABOVE + row)
        for row, column in product(range(1 + count // _COLUMNS), range(_COLUMNS))
    ]
    return [
        shown.crop((x * _SIDE, y * _SIDE, (x + 1) * _SIDE, (y + 1) * _SIDE)).tobytes()
        for x, y in places[:count]
    ]


async def test_every_icon_of_the_code_is_drawn(opened: Opened) -> None:
    app, page, _ = opened
    names = sorted(icons_used(APP))
    # The first is in the complete font and nowhere in our code.
    icons = [ft.Icons.ROCKET_LAUNCH_ROUNDED, *(getattr(ft.Icons, name) for name in names)]
    boxes: list[ft.Control] = [
        ft.Container(ft.Icon(icon, color="#000000", size=24), width=_SIDE, height=_SIDE, padding=3)
        for icon in icons
    ]
    rows: list[ft.Control] = [
        ft.Row(boxes[start : start + _COLUMNS], spacing=0)
        for start in range(0, len(boxes), _COLUMNS)
    ]
    # Help and the exit stand above the first rows.
    above = ft.Container(height=_ABOVE * _SIDE)
    show(app, ft.Column([above, *rows], spacing=0))
    blank = Image.new("RGB", (_SIDE, _SIDE), "white").tobytes()
    empty: list[str] = []

    def whole(shown: Image.Image) -> bool:
        missing, *ours = cells(shown, len(icons))
        empty[:] = [
            name for name, cell in zip(names, ours, strict=True) if cell in (blank, missing)
        ]
        return not empty

    await drawn(page, whole, empty)


async def test_a_script_is_fetched_when_it_is_needed_and_emoji_have_colours(
    opened: Opened,
) -> None:
    app, page, answered = opened
    show(app, ft.Text("\u2068Amina\u2069, 1\u202f200 €", size=60))
    await asyncio.sleep(1)
    assert [url for url, _ in answered if "noto" in url] == []
    for text, folder in [("مرحبا", "notosansarabic"), ("ሰላም", "notosansethiopic")]:
        await shows(app, answered, text, folder)
    await shows(app, answered, "😀", "notocoloremoji")
    await drawn(page, is_colourful, "a yellow face")
    fetched = [(url, status) for url, status in answered if "noto" in url]
    assert [status for _, status in fetched] == [200] * 3


async def shows(app: Running, answered: list[tuple[str, int]], text: str, folder: str) -> None:
    show(app, ft.Text(text, size=60, color="#000000"))
    await until(lambda: any(folder in url for url, _ in answered), f"the font of {text}")


async def test_letters_that_no_font_has_are_not_asked_for_again_and_again(opened: Opened) -> None:
    app, _, answered = opened
    await shows(app, answered, "தமிழ்", "notosanstamil")
    await asyncio.sleep(3)
    assert [status for url, status in answered if "notosanstamil" in url] == [200]


def is_colourful(shown: Image.Image) -> bool:
    """Some hundred points of the yellow that faces have."""
    points = iter(shown.crop((0, 0, 120, 120)).tobytes())
    return (
        sum(r > 200 and g > 140 and b < 120 for r, g, b in zip(points, points, points, strict=True))
        > 300
    )
