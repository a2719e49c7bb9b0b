"""What phones read before they put the app on a home screen, and the page that shows how."""

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from PIL import Image
from starlette.applications import Starlette

from app.design import tokens
from app.shell.install import PICTURES, install_routes

ORIGIN = "http://127.0.0.1:8550"


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=install_routes(ORIGIN)))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


async def told(browser: httpx.AsyncClient, lang: str = "en") -> dict[str, Any]:
    answer = await browser.get(f"/manifest.webmanifest?lang={lang}")
    assert answer.headers["content-type"] == "application/manifest+json"
    found: dict[str, Any] = answer.json()
    return found


async def choose(browser: httpx.AsyncClient, name: str, lang: str = "en") -> httpx.Response:
    return await browser.post("/install", data={"name": name, "lang": lang})


async def test_the_manifest_has_what_phones_want(browser: httpx.AsyncClient) -> None:
    manifest = await told(browser)
    assert (manifest["name"], manifest["short_name"]) == ("Handrail", "Handrail")
    assert [manifest[key] for key in ("id", "start_url", "scope")] == ["/", "/", "/"]
    assert manifest["display"] == "standalone"
    assert manifest["theme_color"] == manifest["background_color"] == tokens.LIGHT.paper
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert {each["form_factor"] for each in manifest["screenshots"]} == {"narrow", "wide"}


@pytest.mark.parametrize("name", ["handrail", "notes"])
async def test_every_picture_is_there_and_has_the_size_that_it_says(
    browser: httpx.AsyncClient, name: str
) -> None:
    await choose(browser, name)
    manifest = await told(browser)
    short = [icon for each in manifest["shortcuts"] for icon in each["icons"]]
    pictures = [*manifest["icons"], *short, *manifest.get("screenshots", [])]
    assert pictures
    for picture in pictures:
        answer = await browser.get(picture["src"])
        assert answer.status_code == 200
        assert answer.headers["content-type"] == picture["type"]
        assert len(answer.content) <= 60_000
        if picture["sizes"] != "any":
            image = Image.open(io.BytesIO(answer.content))
            assert "x".join(map(str, image.size)) == picture["sizes"]


@pytest.mark.parametrize("key", ["handrail", "notes"])
def test_what_a_phone_may_cut_off_is_background_alone(key: str) -> None:
    image = Image.open(PICTURES / f"{key}-full-512.png").convert("RGBA")
    middle, safe = 256, 0.4 * 512
    ground = image.getpixel((0, 0))
    outside = {
        image.getpixel((x, y))
        for x in range(0, 512, 3)
        for y in range(0, 512, 3)
        if (x - middle) ** 2 + (y - middle) ** 2 > safe**2
    }
    assert outside == {ground}


@pytest.mark.parametrize(("lang", "direction"), [("de", "ltr"), ("ar", "rtl")])
async def test_the_manifest_speaks_the_language_of_the_page_that_named_it(
    browser: httpx.AsyncClient, lang: str, direction: str
) -> None:
    manifest = await told(browser, lang)
    assert (manifest["lang"], manifest["dir"]) == (lang, direction)
    assert manifest["description"] != (await told(browser))["description"]
    assert (await told(browser, "ti"))["lang"] == "en"


async def test_the_other_name_says_nothing_about_the_app_and_stays_one_app(
    browser: httpx.AsyncClient,
) -> None:
    usual = await told(browser)
    answer = await choose(browser, "notes")
    assert (answer.status_code, answer.headers["location"]) == (303, "/install?lang=en")
    assert "httponly" in answer.headers["set-cookie"].lower()

    plain = await told(browser)
    assert (plain["name"], plain["short_name"]) == ("My notes", "My notes")
    assert plain["id"] == usual["id"]
    assert "handrail" not in json.dumps(plain).casefold()
    assert (await told(browser, "de"))["name"] not in ("My notes", "Handrail")
    page = await browser.get("/install")
    assert 'value="notes" checked' in page.text
    assert 'name="apple-mobile-web-app-title" content="My notes"' in page.text

    await choose(browser, "something else")
    assert (await told(browser))["name"] == "Handrail"


async def test_the_manifest_is_asked_for_again_and_sent_only_when_it_changed(
    browser: httpx.AsyncClient,
) -> None:
    first = await browser.get("/manifest.webmanifest")
    known = {"if-none-match": first.headers["etag"]}
    again = await browser.get("/manifest.webmanifest", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    await choose(browser, "notes")
    assert (await browser.get("/manifest.webmanifest", headers=known)).status_code == 200


async def test_without_script_the_page_shows_both_kinds_of_phones(
    browser: httpx.AsyncClient,
) -> None:
    page = (await browser.get("/install")).text
    for words in ("On a phone with Android", "On an iPhone or iPad", "“Add to Home Screen”"):
        assert words in page
    assert page.count(" hidden") == 4
    assert len(page.encode()) <= 15_000


@pytest.mark.parametrize("name", ["..", "%2e%2e%2finstall.py", "nothing.png", ".svg"])
async def test_only_pictures_are_served(browser: httpx.AsyncClient, name: str) -> None:
    assert (await browser.get(f"/pictures/{name}")).status_code == 404
