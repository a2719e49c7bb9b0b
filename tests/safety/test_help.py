"""The help page: light, complete in each language, and it needs nothing and nobody."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser

import httpx
import pytest
import pytest_asyncio
from markupsafe import escape
from starlette.routing import Router

from app.core.i18n import EASY, Translator, languages, machine_made
from app.safety.model import COUNTRIES, help_book
from app.safety.web import Help
from app.safety.words import DOMAIN

READY = list(languages(DOMAIN))
LIMIT = 15_000


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Router(Help().routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


class Page(HTMLParser):
    """What is in a page: its tags, its telephone links, its other addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.calls: list[str] = []
        self.links: list[str] = []
        self.language, self.direction = "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "html":
            self.language, self.direction = given["lang"], given["dir"]
        address = given.get("href", given.get("src", ""))
        (self.calls if address.startswith("tel:") else self.links).append(address)


async def opened(browser: httpx.AsyncClient, query: str = "", accepts: str = "") -> str:
    answer = await browser.get(f"/help{query}", headers={"accept-language": accepts})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("language", READY)
async def test_the_page_is_light_and_without_script_in_every_language_and_country(
    browser: httpx.AsyncClient, language: str
) -> None:
    for country in ("", *COUNTRIES):
        html = await opened(browser, f"?lang={language}&country={country}")
        assert len(html.encode()) <= LIMIT
        page = Page(html)
        assert "script" not in page.tags
        assert page.language == language.replace("_", "-")
        foreign = [each for each in page.links if "//" in each]
        assert foreign == [help_book().neutral_site(country)]


@pytest.mark.parametrize("language", READY)
async def test_a_ready_language_has_every_sentence(
    browser: httpx.AsyncClient, language: str
) -> None:
    t = Translator(language, domain=DOMAIN)
    assert t.language == language
    html = await opened(browser, f"?lang={language}&country=DE")
    for sentence in ("No bed tonight?", "Hours not known", "Quick exit"):
        if language != EASY:
            assert (t(sentence) == sentence) is (language == "en")
    assert escape(t("Somebody who listens to you")) in html
    assert escape(t("No bed tonight?")) in html


@pytest.mark.parametrize("language", READY)
async def test_a_page_that_nobody_has_checked_says_so(
    browser: httpx.AsyncClient, language: str
) -> None:
    t = Translator(language, domain=DOMAIN)
    html = await opened(browser, f"?lang={language}")
    said = escape(t("A machine translated this page. Nobody has checked it yet.")) in html
    assert said is machine_made(language, DOMAIN) is (language != "en")


@pytest.mark.parametrize("country", [each for each in COUNTRIES if not help_book().of(each)])
async def test_a_country_without_a_source_shows_only_112(
    browser: httpx.AsyncClient, country: str
) -> None:
    html = await opened(browser, f"?country={country}")
    assert Page(html).calls == ["tel:112"]
    assert "We know no other number there yet." in html


@pytest.mark.parametrize("country", ["DE", "FR", "PT", "EE"])
async def test_a_country_shows_112_and_its_own_numbers(
    browser: httpx.AsyncClient, country: str
) -> None:
    calls = Page(await opened(browser, f"?country={country}")).calls
    assert calls[0] == "tel:112"
    assert sorted(calls[1:]) == sorted(f"tel:{each.dial}" for each in help_book().of(country))


async def test_what_is_not_known_is_said(browser: httpx.AsyncClient) -> None:
    html = await opened(browser, "?country=RO")
    assert "For children and young people · We do not know if it is free · Hours not known" in html
    assert "Mon – Sat" in await opened(browser, "?country=DE")


async def test_a_number_for_a_bed_stands_with_the_question(browser: httpx.AsyncClient) -> None:
    before, after = (await opened(browser, "?country=FR")).split("No bed tonight?")
    assert "tel:115" in after
    assert "tel:115" not in before


@pytest.mark.parametrize(
    ("query", "accepts", "language", "country"),
    [
        ("", "", "en", None),
        ("", "de-AT,de;q=0.9", "de", "AT"),
        ("", "ar", "ar", None),
        ("", "en-US", "en", None),
        ("?lang=uk&country=DE", "de-AT", "uk", "DE"),
        ("?country=de", "tr-TR", "tr", "DE"),
        ("?lang=fa_AF", "", "fa-AF", None),
        ("", "fa-AF", "fa-AF", None),
        ("?lang=xx&country=XX", "de", "de", None),
        ("?lang=%00%ff&country=%3Cscript%3E", "\u00ff;q=x", "en", None),
    ],
)
async def test_language_and_country_come_from_the_address_or_the_browser(
    browser: httpx.AsyncClient, query: str, accepts: str, language: str, country: str | None
) -> None:
    answer = await browser.get(f"/help{query}", headers={b"accept-language": accepts.encode()})
    page = Page(answer.text)
    assert page.language == language
    assert len(page.calls) == 1 + len(help_book().of(country))


async def test_a_language_that_is_not_ready_is_named_by_its_own_name(
    browser: httpx.AsyncClient,
) -> None:
    html = await opened(browser, accepts="am-ET,de;q=0.5")
    assert Page(html).language == "de"
    assert "Diese Sprache ist noch nicht fertig: \u2068አማርኛ\u2069" in html
    assert "noch nicht fertig" not in await opened(browser, "?lang=de", "am-ET")


async def test_changing_the_language_keeps_the_country(browser: httpx.AsyncClient) -> None:
    html = await opened(browser, "?lang=de&country=PL")
    assert "?lang=ar&amp;country=PL" in html
    assert '<input type="hidden" name="lang" value="de">' in html
    assert '<option value="PL" selected>' in html


async def test_the_empty_page_says_nothing_about_anybody(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/blank")
    assert answer.status_code == 200
    assert "script" not in Page(answer.text).tags
    assert "tel:" not in answer.text
