"""What helps me and who else is there, before anything is stored."""

import pytest

from app.core.i18n import Translator
from app.people.access import Fact, Reader, fact_name, facts_shown, reader_name, staff_words
from app.people.contact_cards import toggled
from app.people.contact_words import kind_name, paper_name, topic_name
from app.people.contacts import PAPERS, TOPICS, Contact, ContactKind, is_phone
from app.people.needs import CHOICES, Need, Needs
from app.people.needs_words import choice_words, need_title


def test_a_choice_is_made_and_taken_back() -> None:
    once = Needs().toggled(Need.TIMES, "mornings").toggled(Need.TIMES, "evenings")
    assert once.of(Need.TIMES) == ("mornings", "evenings")
    back = once.toggled(Need.TIMES, "mornings").toggled(Need.TIMES, "evenings")
    assert (back.of(Need.TIMES), back.chosen) == ((), {})


def test_of_the_worker_s_gender_there_is_one_choice_at_a_time() -> None:
    needs = Needs().toggled(Need.WORKER, "woman").toggled(Need.WORKER, "any")
    assert needs.of(Need.WORKER) == ("any",)


def test_what_is_taken_back_does_not_travel_any_more() -> None:
    needs = Needs().toggled(Need.ACCESS, "breaks").going_along(Need.ACCESS, yes=True)
    assert needs.travels == {Need.ACCESS}
    assert needs.going_along(Need.ACCESS, yes=False).travels == frozenset()
    assert needs.toggled(Need.ACCESS, "breaks").travels == frozenset()


def test_what_somebody_is_never_told_they_may_not_know() -> None:
    contact = toggled(toggled(Contact(), "may_know", "health"), "never_told", "health")
    assert (contact.may_know, contact.never_told) == (frozenset(), frozenset({"health"}))
    again = toggled(contact, "may_know", "health")
    assert (again.may_know, again.never_told) == (frozenset({"health"}), frozenset())
    assert toggled(again, "must_sign", "plan").must_sign == {"plan"}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("", True),
        ("  ", True),
        ("+49 30 23125", True),
        ("112", True),
        ("call me", False),
        ("1", False),
    ],
)
def test_a_phone_number_can_be_called_or_is_empty(text: str, right: bool) -> None:
    assert is_phone(text) is right


def test_everything_that_can_be_chosen_has_words() -> None:
    t = Translator("en")
    words = [choice_words(t, need, each) for need, choices in CHOICES.items() for each in choices]
    words += [need_title(t, need) for need in Need]
    words += [topic_name(t, each) for each in TOPICS] + [paper_name(t, each) for each in PAPERS]
    words += [kind_name(t, kind) for kind in ContactKind]
    words += [reader_name(t, reader) for reader in Reader] + [fact_name(t, fact) for fact in Fact]
    words += [staff_words(t, reader) for reader in Reader]
    assert all(words)


def test_a_language_is_named_in_letters_that_every_screen_has() -> None:
    names = [Translator(code).tongue("ti") for code in ("en", "de")]
    assert names == ["Tigrinya", "Tigrinya"]
    assert Translator("en").tongue("ar") == "العربية"
    assert Translator("en").tongue("not a language") == "not a language"


def test_a_whole_name_says_the_first_name_too() -> None:
    assert facts_shown(Reader.MENTOR) == [Fact.FIRST_NAME, Fact.MENTOR_THREAD]
    assert Fact.FIRST_NAME not in facts_shown(Reader.KEY_WORKER)
