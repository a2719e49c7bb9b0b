"""The page for times without network: light, complete, the same for all, within its policy."""

import base64
import dataclasses
import gzip
import hashlib
import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from markupsafe import escape
from starlette.routing import Router

from app.core.i18n import EASY, Translator, languages
from app.safety.model import help_book
from app.safety.web import Help
from app.safety.words import DOMAIN

READY = list(languages(DOMAIN))
ON_THE_WAY = 8_000
SENTENCES = (
    "No connection right now",
    "What you saved is safe. Your pages come back with the network.",
    "Still no connection. We go on trying.",
)


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Router(Help().routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize("language", READY)
async def test_the_page_is_light_and_has_every_sentence_and_number(
    browser: httpx.AsyncClient, language: str
) -> None:
    address = f"/offline?lang={language}&country=DE"
    answer = await browser.get(address, headers={"accept-encoding": "gzip"})
    t = Translator(language, domain=DOMAIN)
    assert answer.headers["content-language"] == t.tag
    assert len(gzip.compress(answer.content, 9)) <= ON_THE_WAY
    assert answer.headers["content-encoding"] == "gzip"
    for sentence in SENTENCES:
        assert escape(t(sentence)) in answer.text
        if language not in ("en", EASY):
            assert t(sentence) != sentence
    for number in (*help_book().everywhere(), *help_book().of("DE")):
        assert f"tel:{number.dial}" in answer.text


async def test_whoever_cannot_unpack_gets_the_same_page(browser: httpx.AsyncClient) -> None:
    plain = await browser.get("/offline?lang=de", headers={"accept-encoding": "identity"})
    packed = await browser.get("/offline?lang=de", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert plain.text == packed.text
    assert plain.headers["vary"] == "Accept-Encoding"


async def test_its_script_is_within_its_policy_and_its_one_foreign_address_is_the_way_out(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get("/offline?lang=en&country=DE")
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in scripts]
    assert len(hashes) == 1
    assert f"script-src 'self' 'sha256-{hashes[0]}';" in answer.headers["content-security-policy"]
    found = re.findall(r"(?:href|src)=\"(https?:[^\"]+)", answer.text)
    assert found == [help_book().neutral_site("DE")]


def test_another_number_or_sentence_gives_what_is_kept_another_name() -> None:
    book = help_book()
    fewer = dataclasses.replace(book, numbers=book.numbers[:-1])
    assert Help().kept() == Help(book).kept()
    assert Help().kept() != Help(fewer).kept()
