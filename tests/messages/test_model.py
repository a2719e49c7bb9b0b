"""What may be written, and what becomes of what may not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages.model import LONGEST_TEXT, text_problem, tidy_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hi there \r\n", "Hi there"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("tab\tstays", "tab\tstays"),
        ("abc\u202egpj.exe\u202c", "abcgpj.exe"),
        ("\u2067שלום\u2069 is hello", "שלום is hello"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔧", "👩\u200d🔧"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",) * 2,
        ("secret\U000e0041\U000e0042", "secret"),
        ("half \ud83d", "half \ufffd"),
        ("e\u0301", "é"),
        ("z" + "\u0300\u0301\u0302\u0303" * 9, "z\u0300\u0301\u0302\u0303"),
    ],
)
def test_words_stay_and_what_hides_goes(typed: str, kept: str) -> None:
    assert tidy_text(typed) == kept


@given(st.text(max_size=300))
def test_tidying_is_done_once_and_can_be_sent(typed: str) -> None:
    tidy = tidy_text(typed)

    assert tidy_text(tidy) == tidy
    assert "\x00" not in tidy
    tidy.encode()
    assert not {unicodedata.bidirectional(char) for char in tidy} & {
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["", "   ", "\n\n", "\u200d", "\u2800\u3164", "\x00", "\u200e"])
def test_nothing_is_not_a_message(typed: str) -> None:
    assert text_problem(tidy_text(typed)) == "empty"


@pytest.mark.parametrize("typed", ["👍", "❤️‍🔥", "ok", "؟", "ሰላም"])
def test_a_picture_or_a_word_is_one(typed: str) -> None:
    assert text_problem(tidy_text(typed)) is None


def test_length_is_counted_in_characters() -> None:
    assert text_problem("😀" * LONGEST_TEXT) is None
    assert text_problem("a" * (LONGEST_TEXT + 1)) == "too_long"
