"""The phrasebook: the same sentence in every language, with the same days, times and names."""

import pytest

from app.core.i18n import SOURCE, languages
from app.messages.model import Picked, Spoken
from app.messages.phrases import (
    DOMAIN,
    PHRASES,
    Gap,
    Phrase,
    filled,
    open_words,
    picked_words,
    speaker,
    unchecked,
)
from app.messages.spoken import packed, unpacked
from app.messages.words import plain

VALUES = {
    Gap.DAY: "2026-11-24",
    Gap.TIME: "15:30",
    Gap.NUMBER: "+49 170 123",
    Gap.PLACE: "Haus 4",
}
SHOWN = {**VALUES, Gap.DAY: "24.11.2026"}


def picked(phrase: Phrase) -> Picked:
    return Picked(phrase.key, tuple((str(gap), VALUES[gap]) for gap in phrase.gaps))


def test_every_language_of_the_app_has_it_and_no_two_phrases_share_a_key() -> None:
    assert set(languages("safety")) == set(languages(DOMAIN))
    assert len({phrase.key for phrase in PHRASES}) == len(PHRASES)


@pytest.mark.parametrize("language", languages(DOMAIN))
def test_a_phrase_says_every_gap_in_every_language_in_short_words(language: str) -> None:
    t = speaker(language, "UTC")
    assert t.language == language
    for phrase in PHRASES:
        words = picked_words(t, picked(phrase))
        assert words
        assert all(SHOWN[gap] in words for gap in phrase.gaps), (phrase.key, words)
        # What is left open is seen to be open.
        assert plain(open_words(t, phrase, {})).count("…") == len(phrase.gaps)
        if language not in (SOURCE, "en_simple"):
            assert words != picked_words(speaker(SOURCE, "UTC"), picked(phrase))


def test_what_this_app_does_not_know_or_cannot_fill_is_not_said() -> None:
    t = speaker("de", "UTC")
    assert picked_words(t, Picked("from_tomorrow")) is None
    assert picked_words(t, Picked("meet", (("day", "2026-11-24"),))) is None
    assert picked_words(t, Picked("meet", (("day", "soon"), ("time", "15:30")))) is None


@pytest.mark.parametrize(
    ("gap", "typed", "kept"),
    [
        (Gap.DAY, "2026-11-24", "2026-11-24"),
        (Gap.DAY, "2026-02-30", None),
        (Gap.TIME, " 8:05 ", "08:05"),
        (Gap.TIME, "25:00", None),
        (Gap.TIME, "", None),
        (Gap.NUMBER, "+49 (30) 123-45", "+49 (30) 123-45"),
        (Gap.NUMBER, "call me", None),
        (Gap.PLACE, "  Room\n4 ", "Room 4"),
        (Gap.PLACE, "\u202e", None),
        (Gap.PLACE, "x" * 81, None),
    ],
)
def test_a_gap_takes_what_fits_in_it(gap: Gap, typed: str, kept: str | None) -> None:
    assert filled(gap, typed) == kept


def test_no_language_but_english_claims_to_be_checked() -> None:
    assert not unchecked(SOURCE)
    assert unchecked("ti")


@pytest.mark.parametrize(
    "spoken",
    [
        Spoken("Hello"),
        Spoken('{"language":"de"}', "ckb"),
        Spoken("سلام", "fa_AF", Picked("meet", (("day", "2026-11-24"), ("time", "15:30")))),
        Spoken("", "de"),
    ],
)
def test_what_lies_sealed_with_the_words_comes_back_with_them(spoken: Spoken) -> None:
    assert unpacked(packed(spoken)) == spoken
