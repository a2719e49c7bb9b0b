"""What a key worker is writing to several people. Lives as long as their Flet session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import flet as ft

from app.core.i18n import Translator
from app.messages.model import text_problem, tidy_text
from app.messages.several import MOST, Copy, Recipient
from app.messages.templates import Template

_KEY: Final = "messages.letter"


@dataclass
class Letter:
    """To whom (`chosen`, by thread) and what: `others` for who reads one of these languages, `text`
    for all the rest. `looking`: it is shown once more before it goes. `copies` there are from the
    first try to send on. It is `person`'s who writes it."""

    person: UUID
    chosen: frozenset[UUID] = frozenset()
    text: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
    looking: bool = False
    copies: tuple[Copy, ...] = ()

    def choose(self, thread: UUID) -> None:
        """Who was chosen is not any more, and the other way round."""
        self.chosen ^= {thread}

    def choose_all(self, people: Sequence[Recipient]) -> None:
        """All of them; or nobody, when all were chosen."""
        everybody = frozenset(each.thread_id for each in people)
        self.chosen = frozenset() if everybody <= self.chosen else everybody

    def typed(self, text: str) -> None:
        """Keep every letter."""
        self.text = text

    def typed_in(self, language: str, text: str) -> None:
        """The same for the text in another language."""
        self.others = {**self.others, language: text}

    def use(self, template: Template, language: str) -> None:
        """Write what a template says, first of all in this language."""
        self.text, first = template.text_in(language, language)
        self.others = {code: text for code, text in template.texts.items() if code != first}

    def text_for(self, one: Recipient) -> str:
        """What one of them gets."""
        return tidy_text(self.others.get(one.language, "")) or tidy_text(self.text)

    def look(self) -> None:
        """It is written."""
        self.looking = True

    def edit(self) -> None:
        """It is changed once more."""
        self.looking = False

    def begin_anew(self) -> None:
        """Another one, to nobody yet."""
        self.chosen, self.text, self.others = frozenset(), "", {}
        self.looking, self.copies = False, ()

    def made_for(self, people: Sequence[Recipient]) -> tuple[Copy, ...]:
        """A copy for each."""
        return tuple(Copy(each, self.text_for(each)) for each in people)


def letter_of(page: ft.Page, person: UUID) -> Letter:
    """The one of this person in this session. Somebody else on the same page begins their own."""
    found = page.session.store.get(_KEY)
    if not isinstance(found, Letter) or found.person != person:
        found = Letter(person)
        page.session.store.set(_KEY, found)
    return found


def problem_words(t: Translator, people: int, letter: Letter) -> str:
    """What keeps it from being sent to so many, in the reader's words; "" when nothing does."""
    problems = {text_problem(tidy_text(each)) for each in (letter.text, *letter.others.values())}
    if not people:
        return t("Please choose at least one person.")
    if people > MOST:
        return t("At most {n} people at once. Choose fewer.", n=t.number(MOST))
    if text_problem(tidy_text(letter.text)) == "empty":
        return t("Please write something first.")
    return t("It is too long. Send it in parts.") if "too_long" in problems else ""
