"""The page around Flet, the engine and the small files."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.shell.build import build
from app.shell.changed import EngineError, on_one_thread, slim_fonts, without_service_worker
from app.shell.copies import Copies
from app.shell.engine import Engine
from app.shell.pages import NEUTRAL_SITE
from app.shell.static import ASSETS
from tests.fixtures.plain_http import PLAIN
from tests.web.wiring import WEB, Running, running


def address(engine: Engine, name: str) -> str:
    """Where a browser finds the file."""
    return engine.base + engine.path(name)


@pytest.fixture
async def app() -> AsyncIterator[Running]:
    async with running() as started:
        yield started


@pytest.fixture
async def browser(app: Running) -> AsyncIterator[httpx.AsyncClient]:
    headers = app.headers(app.people.sign_in("Amber"))
    async with httpx.AsyncClient(verify=PLAIN, base_url=app.origin, headers=headers) as client:
        yield client


async def test_screen_is_our_own_small_page_and_the_way_out_its_one_foreign_address(
    browser: httpx.AsyncClient,
) -> None:
    squeezed = {"accept-encoding": "gzip"}
    async with browser.stream("GET", "/plan", headers=squeezed) as answer:
        sent = b"".join([piece async for piece in answer.aiter_raw()])
    assert len(sent) <= 15_000
    page = await browser.get("/plan")
    assert page.status_code == 200
    plain = await browser.get("/plan", headers={"accept-encoding": "identity"})
    assert (gzip.decompress(sent), plain.text) == (plain.content, page.text)
    assert page.headers["cache-control"] == "private, no-cache"
    assert re.findall(r"https?://[^\s\"'<>]+", page.text) == [NEUTRAL_SITE]
    assert "Amber" not in page.text


async def test_screen_allows_its_own_scripts_by_hash_only(browser: httpx.AsyncClient) -> None:
    policy = (await browser.get("/plan")).headers["content-security-policy"]
    scripts = re.search(r"script-src ([^;]*)", policy)
    assert scripts is not None
    assert "unsafe-inline" not in scripts[1]
    assert scripts[1].count("sha256-") == 13


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
async def test_screen_speaks_the_readers_language(
    browser: httpx.AsyncClient, language: str, direction: str
) -> None:
    page = await browser.get("/plan", headers={"accept-language": language})
    offered = page.headers["content-language"]
    assert f'<html lang="{offered}"' in page.text
    if offered == language:
        assert f'dir="{direction}"' in page.text


async def test_screen_is_not_sent_again_when_unchanged(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/plan")
    again = await browser.get("/plan", headers={"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-security-policy"] == page.headers["content-security-policy"]


async def test_engine_files_may_be_kept_for_a_year(
    app: Running, browser: httpx.AsyncClient
) -> None:
    answer = await browser.get(f"{app.engine.base}canvaskit/skwasm.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "name",
    [
        "../../../pyproject.toml",
        "..%2f..%2fpyproject.toml",
        "%2e%2e/index.html",
        "assets/.secret",
        "assets/fonts/",
        "index.html",
        "python.js",
        "flutter_service_worker.js",
        "canvaskit/skwasm.js.symbols",
        "pyodide/ffi.d.ts",
        "/etc/passwd",
        "main.dart.js%00.png",
    ],
)
async def test_engine_serves_named_files_only(
    app: Running, browser: httpx.AsyncClient, name: str
) -> None:
    assert (await browser.get(f"{app.engine.base}{name}")).status_code == 404


async def test_a_font_that_is_not_there_is_one_without_letters(
    app: Running, browser: httpx.AsyncClient
) -> None:
    answer = await browser.get(address(app.engine, "assets/fonts/notosanstamil/v9/any.woff2"))
    assert (answer.status_code, answer.content[:4]) == (200, b"wOF2")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    for other in ("notosanstamil/v9/any.ttf", "other/v9/any.woff2", "notox/v1/..%2fnone.woff2"):
        gone = await browser.get(address(app.engine, f"assets/fonts/{other}"))
        assert gone.status_code == 404


async def test_engine_under_an_old_hash_is_gone(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/e/000000000000/main.dart.js")).status_code == 404


async def test_font_list_has_roboto_and_no_formulas(
    app: Running, browser: httpx.AsyncClient
) -> None:
    families = (await browser.get(address(app.engine, "assets/FontManifest.json"))).json()
    assert [family["family"] for family in families] == ["MaterialIcons", "Roboto"]
    for family in families:
        for font in family["fonts"]:
            answer = await browser.head(address(app.engine, f"assets/{font['asset']}"))
            assert answer.status_code == 200


async def test_start_script_registers_no_service_worker(
    app: Running, browser: httpx.AsyncClient
) -> None:
    script = (await browser.get(f"{app.engine.base}flutter_bootstrap.js")).text
    assert "serviceWorkerSettings: {" not in script
    assert "_flutter.loader.load({" in script


async def test_arabic_letters_have_a_font_where_the_engine_looks_for_it(
    app: Running, browser: httpx.AsyncClient
) -> None:
    compiled = (WEB / "main.dart.js").read_text(encoding="utf-8")
    wanted = re.findall(r'"Noto Sans Arabic","(notosansarabic/[^"]+\.woff2)"', compiled)
    assert len(wanted) == 1
    answer = await browser.get(address(app.engine, f"assets/fonts/{wanted[0]}"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "font/woff2"
    assert answer.content[:4] == b"wOF2"


def small_copy(web: Path, target: Path) -> Path:
    """A folder with all that the engine needs, where large files have only their beginning."""
    for file in web.rglob("*"):
        if file.is_file() and file.suffix not in {".symbols", ".map"}:
            copy = target / file.relative_to(web)
            copy.parent.mkdir(parents=True, exist_ok=True)
            with file.open("rb") as source:
                copy.write_bytes(source.read(50_000))
    return target


@pytest.mark.parametrize("encoding", ["br", "gzip"])
async def test_copy_is_sent_to_who_can_read_it(tmp_path: Path, encoding: str) -> None:
    engine = Engine(small_copy(WEB, tmp_path / "web"), ASSETS, Copies(tmp_path / "copies"))
    async with running(engine=engine) as app, httpx.AsyncClient(base_url=app.origin) as client:
        url = address(engine, "assets/FontManifest.json")
        plain = await client.get(url, headers={"accept-encoding": encoding})
        assert "content-encoding" not in plain.headers
        build(engine, best=True, tell=nothing)
        squeezed = await client.get(url, headers={"accept-encoding": encoding})
        assert squeezed.headers["content-encoding"] == encoding
        assert squeezed.headers["vary"] == "Accept-Encoding"
        assert squeezed.json() == plain.json()
        for other in ("identity", f"{encoding};q=0"):
            answer = await client.get(url, headers={"accept-encoding": other})
            assert "content-encoding" not in answer.headers


def nothing(what: str, part: float) -> None:
    """Says nothing of what is made."""


def test_another_engine_lies_elsewhere(tmp_path: Path) -> None:
    before = Engine(WEB, ASSETS)
    other = small_copy(WEB, tmp_path / "web")
    assert Engine(other, ASSETS).base != before.base
    assert Engine(other, ASSETS).base == Engine(other, ASSETS).base


def test_new_fonts_and_icons_cost_nobody_the_engine_again(tmp_path: Path) -> None:
    before = Engine(WEB, tmp_path)
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "one.woff2").write_bytes(b"wOF2")
    engine = Engine(WEB, tmp_path)
    assert "assets/fonts/one.woff2" in engine.names()
    assert address(engine, "main.dart.wasm") == address(before, "main.dart.wasm")
    for name in ("assets/FontManifest.json", "assets/fonts/MaterialIcons-Regular.otf"):
        assert address(engine, name) != address(before, name)


async def test_page_names_the_addresses_that_the_engine_serves(
    app: Running, browser: httpx.AsyncClient
) -> None:
    config = json.loads((re.findall(r"var flet = (.*);", (await browser.get("/plan")).text))[0])
    for folder, name in [
        (config["entrypointBaseUrl"], "main.dart.js"),
        (config["canvasKitBaseUrl"], "skwasm.js"),
        (config["assetBase"], "assets/FontManifest.json"),
        (config["fontFallbackBaseUrl"], "roboto.woff2"),
    ]:
        assert (await browser.head(folder + name)).status_code == 200


async def test_size_is_what_a_browser_gets(tmp_path: Path) -> None:
    engine = Engine(small_copy(WEB, tmp_path / "web"), ASSETS, Copies(tmp_path / "copies"))
    headers = {"accept-encoding": "gzip, br"}
    async with (
        running(engine=engine) as app,
        httpx.AsyncClient(base_url=app.origin, headers=headers) as browser,
    ):
        for _ in range(2):
            for name in engine.names():
                got = await browser.head(address(engine, name))
                assert (name, int(got.headers["content-length"])) == (name, engine.size(name))
            build(engine, best=True, tell=nothing)
    with pytest.raises(KeyError):
        engine.size("nothing.js")


def test_hidden_and_strange_files_among_assets_are_not_served(tmp_path: Path) -> None:
    for name in (".secret.png", "notes.py", "plan.html", ".git/config.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert Engine(WEB, tmp_path).names() == Engine(WEB, tmp_path / "empty").names()


def test_another_flet_is_noticed_at_start(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        Engine(tmp_path, ASSETS)
    with pytest.raises(EngineError):
        without_service_worker("_flutter.loader.load({config: flutterConfig});")
    with pytest.raises(EngineError):
        on_one_thread("_flutter.loader.load({config: {}});")
    with pytest.raises(EngineError):
        slim_fonts(json.dumps([{"family": "Other", "fonts": []}]))


async def test_robots_are_kept_out(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"


async def test_icon_is_found_where_browsers_look(browser: httpx.AsyncClient) -> None:
    for path in ("/favicon.ico", "/favicon.svg"):
        assert (await browser.get(path)).headers["content-type"] == "image/svg+xml"
