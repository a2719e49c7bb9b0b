"""Who may read what about a young person. The screens say it from here; the database does it, and
tests/rls/test_access_words.py holds the two together."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.i18n import Translator
from app.people.model import Part


class Fact(StrEnum):
    """Kinds of things that are known about a young person."""

    FIRST_NAME = "first_name"
    NAME = "name"
    TEAM = "team"
    NEEDS = "needs"
    CONTACTS = "contacts"
    AGREEMENT = "agreement"
    THREAD = "thread"
    MENTOR_THREAD = "mentor_thread"
    CONSENTS = "consents"
    JUSTICE = "justice"


class Reader(StrEnum):
    """Ways in which somebody may read; `protector` is one of the two people of an opening."""

    KEY_WORKER = "key_worker"
    STAND_IN = "stand_in"
    PROFESSIONAL = "professional"
    MENTOR = "mentor"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    PROTECTOR = "protector"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    TRAINER = "trainer"


_PAGE: Final = frozenset({Fact.FIRST_NAME, Fact.NAME, Fact.TEAM})
_TEXTS: Final = frozenset({Fact.NEEDS, Fact.CONTACTS})
_CLOSE: Final = _PAGE | _TEXTS | {Fact.AGREEMENT, Fact.THREAD, Fact.CONSENTS, Fact.JUSTICE}

MAY_READ: Final[Mapping[Reader, frozenset[Fact]]] = MappingProxyType(
    {
        Reader.KEY_WORKER: _CLOSE,
        Reader.STAND_IN: _CLOSE,
        Reader.PROFESSIONAL: _PAGE,
        Reader.MENTOR: frozenset({Fact.FIRST_NAME, Fact.MENTOR_THREAD}),
        Reader.COORDINATOR: _PAGE | {Fact.MENTOR_THREAD},
        Reader.ADMINISTRATOR: _PAGE,
        Reader.PROTECTOR: _PAGE | _TEXTS | {Fact.THREAD, Fact.MENTOR_THREAD},
        Reader.SAFEGUARDING_LEAD: frozenset(),
        Reader.TRAINER: frozenset(),
    }
)


def readers(fact: Fact) -> list[Reader]:
    """Everybody who may read this kind of fact, beside the young person."""
    return [reader for reader, facts in MAY_READ.items() if fact in facts]


def read_by(t: Translator, fact: Fact) -> str:
    """Who can read this kind of fact, as the young person is told."""
    found = readers(fact)
    people = [t("you"), *(reader_name(t, each) for each in found if each is not Reader.PROTECTOR)]
    words = t("Who can read this: {people}.", people=t.listed(people))
    if Reader.PROTECTOR in found:
        words += " " + t("If you are in danger: two more people, for one hour.")
    return words


def staff_read_by(t: Callable[[str], str]) -> str:
    """Who can read the card of somebody who works here, as they are told themselves."""
    return t("Young people in your teams and your colleagues can see this.")


def facts_shown(reader: Reader) -> list[Fact]:
    """What this reader gets, in the order to say it; a whole name says the first name too."""
    facts = MAY_READ[reader]
    hidden = {Fact.FIRST_NAME} if Fact.NAME in facts else set()
    return [fact for fact in Fact if fact in facts and fact not in hidden]


def reader_of(part: Part) -> Reader:
    """What a part in a team lets somebody read."""
    return Reader(part.value)


def reader_name(t: Callable[[str], str], reader: Reader) -> str:
    """Who that is, as the young person would say."""
    match reader:
        case Reader.KEY_WORKER:
            return t("your key worker")
        case Reader.STAND_IN:
            return t("their stand-in")
        case Reader.PROFESSIONAL:
            return t("professionals in your team")
        case Reader.MENTOR:
            return t("your mentor")
        case Reader.COORDINATOR:
            return t("coordinators")
        case Reader.ADMINISTRATOR:
            return t("administrators")
        case Reader.PROTECTOR:
            return t("two people for one hour, if you are in danger")
        case Reader.SAFEGUARDING_LEAD:
            return t("safeguarding leads")
        case Reader.TRAINER:
            return t("trainers")


def staff_words(t: Callable[[str], str], reader: Reader) -> str:
    """Who that is, as staff say when they speak of a young person."""
    match reader:
        case Reader.KEY_WORKER:
            return t("the key worker")
        case Reader.STAND_IN:
            return t("the stand-in")
        case Reader.PROFESSIONAL:
            return t("professionals in the team")
        case Reader.MENTOR:
            return t("the mentor")
    # The rest is called the same whoever speaks.
    return reader_name(t, reader)


def fact_name(t: Callable[[str], str], fact: Fact) -> str:
    """What that is, as the young person would say."""
    match fact:
        case Fact.FIRST_NAME:
            return t("your first name")
        case Fact.NAME:
            return t("your name and language, and whether you joined")
        case Fact.TEAM:
            return t("who is in your team")
        case Fact.NEEDS:
            return t("what helps you")
        case Fact.CONTACTS:
            return t("who else is there, and your birth year")
        case Fact.AGREEMENT:
            return t("how you stay in touch, and when we did")
        case Fact.THREAD:
            return t("what you and your key worker write")
        case Fact.MENTOR_THREAD:
            return t("what you and your mentor write")
        case Fact.CONSENTS:
            return t("what you said yes and no to")
        case Fact.JUSTICE:
            return t("what has to do with the law")
