"""Translators: what they are asked, what is taken of their answers, what is told of failures."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.config import ConfigError, Settings
from app.core.errors import AppError, Invalid, Unexpected, Unreachable
from app.core.translation import lost_in
from app.core.translators import HttpProvider, translator_of
from tests.fixtures.translator import KEY, MODEL, Place, place, translated, translating

__all__ = ["place"]

KINDS = ("libretranslate", "deepl", "openai")
Made = Callable[..., HttpProvider]


@pytest.fixture
def settings() -> Settings:
    key = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    return Settings.read(
        {
            "SUPABASE_URL": "http://127.0.0.1:1",
            "SUPABASE_ANON_KEY": "anon",
            "HANDRAIL_SEAL_KEYS": key,
        }
    )


def made(settings: Settings, kind: Any, url: str) -> HttpProvider:
    translator = translator_of(
        replace(
            settings,
            translation=kind,
            translation_url=url,
            translation_key=KEY,
            translation_model=MODEL,
        )
    )
    assert translator
    return translator


@pytest.mark.parametrize("kind", KINDS)
async def test_each_way_of_speaking_brings_the_translation_and_sends_the_text_alone(
    place: Place, settings: Settings, kind: str
) -> None:
    translator = made(settings, kind, place.url)
    text = 'Привіт, "Kim"\nhow are you?'
    for language, asked in (("uk", "uk"), ("en", "en"), ("en_simple", "en")):
        assert await translator.translate(text, language) == translated(text, asked)
    assert translator.place == place.url.removeprefix("http://")
    assert all("cookie" not in headers for _, headers, _ in place.asked)
    await translator.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("instead", "error", "code"),
    [
        (None, Invalid, "language_not_offered"),
        ((500, b"{}"), Unexpected, "translator_failed"),
        ((401, b"{}"), Unexpected, "translator_failed"),
        # It would carry the text to another place.
        ((307, b"{}"), Unexpected, "translator_failed"),
        ((429, b"{}"), Unreachable, "translator_silent"),
        ((503, b"{}"), Unreachable, "translator_silent"),
        ((200, b"no json"), Unexpected, "translator_failed"),
        ((200, b"[1]"), Unexpected, "translator_failed"),
        ((200, b'{"translatedText": 3, "translations": [], "choices": []}'), Unexpected,
         "translator_failed"),
        ((200, b"x" * 1_100_000), Unexpected, "translator_failed"),
    ],
)  # fmt: skip
async def test_whatever_goes_wrong_is_one_of_our_errors(
    place: Place, settings: Settings, kind: str, instead: Any, error: type[AppError], code: str
) -> None:
    place.instead = instead
    translator = made(settings, kind, place.url)
    with pytest.raises(error, match=code):
        await translator.translate("Hello", "ti")
    assert len(place.asked) == 1
    await translator.close()


async def test_where_nobody_listens_is_told_as_silence(settings: Settings) -> None:
    with translating() as gone:
        url = gone.url
    translator = made(settings, "deepl", url)
    with pytest.raises(Unreachable, match="translator_silent"):
        await translator.translate("Hello", "de")
    await translator.close()


def test_it_is_off_unless_somebody_says_where(settings: Settings) -> None:
    assert translator_of(settings) is None
    env = {
        "SUPABASE_URL": "http://127.0.0.1:1",
        "SUPABASE_ANON_KEY": "anon",
        "HANDRAIL_SEAL_KEYS": "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    }
    with pytest.raises(ConfigError, match="HANDRAIL_TRANSLATION_URL is missing"):
        Settings.read({**env, "HANDRAIL_TRANSLATION": "deepl"})
    with pytest.raises(ConfigError, match="https"):
        Settings.read({**env, "HANDRAIL_TRANSLATION_URL": "http://elsewhere.example"})


@pytest.mark.parametrize(
    ("text", "other", "lost"),
    [
        ("Am 24.11. um 8:00", "On 24.11. at 08:00", False),
        ("Am 24.11. um 8:00", "يوم ٢٤.١١ الساعة ٠٨:٠٠", False),
        ("Es kostet 40 Euro", "It costs 14 euros", True),
        ("Es kostet 40 Euro", "It costs forty euros", True),
        ("Komm", "Come at 3", True),
        ("3 und 3", "3 and", True),
        ("Look: https://a.example/x.", "Schau: https://a.example/x", False),
        ("Look: https://a.example/x", "Schau: https://b.example/x", True),
        ("kim@hafen.example", "kim@hafen.example!", False),
        ("kim@hafen.example", "Kim", True),
        ("Hello", "Hallo", False),
    ],
)
def test_numbers_dates_and_links_are_compared(text: str, other: str, lost: bool) -> None:
    assert lost_in(text, other) is lost
