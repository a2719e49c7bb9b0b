"""`/languages`: what is ready in which language, and nobody who checked it that did not."""

from datetime import date

import pytest

from app.cli.words import MOST_SENTENCES, ROOT, _extracted
from app.core import i18n
from app.core.i18n import Translator, languages
from app.door.languages import Ready, ready_languages
from tests.door.conftest import Doorstep


def entry(code: str) -> Ready:
    return next(each for each in ready_languages() if each.language.code == code)


def test_german_has_everything_and_pashto_only_what_exists() -> None:
    assert (entry("de").help, entry("de").door, entry("de").all) == (True, True, True)
    pashto = entry("ps")
    assert pashto.help
    assert not pashto.all
    assert pashto.door is ("ps" in languages("door"))


def test_nobody_has_checked_a_language_until_it_is_written_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day = date(2027, 1, 15)
    monkeypatch.setattr(i18n, "_reviews", lambda: {"de": {"safety": day, "door": day}})
    assert entry("de").checked is None
    every = {"safety": day, "door": day, "messages": date(2027, 2, 1)}
    monkeypatch.setattr(i18n, "_reviews", lambda: {"de": every})
    assert entry("de").checked == date(2027, 2, 1)


def test_whoever_is_said_to_have_checked_left_no_machine_mark() -> None:
    for code, domains in i18n._reviews().items():
        for domain in domains:
            assert not i18n.machine_made(code, domain), f"{code}/{domain}"


@pytest.mark.parametrize(("lang", "said"), [("en", "Languages"), ("ar", "اللغات")])
async def test_the_page_shows_every_language_in_its_own_words(
    doorstep: Doorstep, lang: str, said: str
) -> None:
    page = await doorstep.browser.get(f"/languages?lang={lang}")

    assert page.status_code == 200
    assert f"<h1>{said}</h1>" in page.text
    for each in ready_languages():
        assert f">{each.language.name}</h2>" in page.text
    assert len(page.content) <= 30_000


async def test_every_list_of_languages_leads_there(doorstep: Doorstep) -> None:
    for path in ("/signin", "/join"):
        assert 'href="/languages?lang=en"' in (await doorstep.browser.get(path)).text


async def test_a_language_with_the_door_alone_says_what_comes_behind_it(
    doorstep: Doorstep, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "After this page, Handrail speaks English for now."
    assert said not in (await doorstep.browser.get("/signin?lang=en")).text
    only_door = {code: each for code, each in languages("door").items() if code != "de"}
    monkeypatch.setattr("app.door.reading.languages", lambda d="": languages(d) if d else only_door)
    german = Translator("de", domain="door")
    assert german(said) in (await doorstep.browser.get("/signin?lang=de")).text


def test_the_catalogue_of_the_door_stays_small() -> None:
    assert len(_extracted(ROOT)["door"]) <= MOST_SENTENCES["door"]
