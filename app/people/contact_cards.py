"""One person on the list of who else is there: as a card, and as a form."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import flet as ft

from app.core.errors import Conflict, Invalid
from app.core.i18n import Translator
from app.design.buttons import Choice, MainButton, QuietButton
from app.design.cards import Body, Card, Heading, PersonLine, Quiet
from app.design.forms import Field, Wrong
from app.design.guard import action, screen
from app.design.hooks import use_action
from app.design.layout import Stack
from app.design.rows import Rows
from app.design.session import look_now, use_session
from app.people.contact_words import kind_name, paper_name, topic_name
from app.people.contacts import PAPERS, TOPICS, Contact, ContactKind, is_phone
from app.people.names import name_problem, tidy_name

Lists = Literal["may_know", "must_sign", "never_told"]
Change = Callable[[Callable[[Contact], Contact]], None]


def ContactCard(t: Translator, contact: Contact, buttons: Iterable[ft.Control]) -> ft.Control:
    """Who it is, and what they may know, must sign and are never told."""
    meta = [kind_name(t, contact.kind), *([contact.phone] if contact.phone else [])]
    told: list[ft.Control] = []
    for title, words in (
        (t("May know"), [topic_name(t, each) for each in TOPICS if each in contact.may_know]),
        (t("Must sign"), [paper_name(t, each) for each in PAPERS if each in contact.must_sign]),
        (
            t("Is never told"),
            [topic_name(t, each) for each in TOPICS if each in contact.never_told],
        ),
    ):
        if words:
            told += [Quiet(title), Body(t.listed(words))]
    if contact.added_by and not contact.own_words:
        told.append(Quiet(t("{name} added this.", name=contact.added_by)))
    row = [ft.Row(list(buttons), wrap=True)] if buttons else []
    return Card([PersonLine(contact.name, meta), *told, *row])


@dataclass
class Typed:
    """What stands in the boxes; the browser holds it too."""

    name: str
    phone: str


@screen
def ContactForm(
    first: Contact, keep: Callable[[Contact], Awaitable[None]], leave: Callable[[], None]
) -> ft.Control:
    """Add or change one; `keep` stores it, `leave` goes back to the list."""
    t = use_session().t
    contact, set_contact = ft.use_state(first)
    wrong, set_wrong = ft.use_state(cast("str | None", None))
    box = ft.use_ref(cast(Any, lambda: Typed(first.name, first.phone or "")))
    typed = cast(Typed, box.current)

    def keep_name(text: str) -> None:
        typed.name = text

    def keep_phone(text: str) -> None:
        typed.phone = text

    async def store() -> None:
        name = tidy_name(typed.name)
        if name_problem(name) or not is_phone(typed.phone):
            set_wrong(_wrong(t, name_problem(name) is None))
            return
        try:
            await keep(replace(contact, name=name, phone=typed.phone.strip() or None))
        except (Invalid, Conflict) as error:
            set_wrong(_refusal(t, error))
            return
        leave()

    run, running = use_action(store)
    ticks = [_use_ticks(t, which, contact, set_contact) for which in _LISTS]
    return Stack(
        [
            Field(t("Name"), keep_name, value=first.name),
            Field(t("Phone number, if you like"), keep_phone, value=first.phone or ""),
            Rows([_use_kind(t, kind, contact, set_contact) for kind in ContactKind]),
            *ticks,
            *([Wrong(wrong)] if wrong else []),
            ft.Row(
                [
                    MainButton(t("Save"), run, running=running),
                    QuietButton(t("Back"), action(leave)),
                ],
                wrap=True,
            ),
        ]
    )


_LISTS: tuple[Lists, ...] = ("may_know", "must_sign", "never_told")


# There are three dozen answers, and a tap changes one or two: only these are drawn anew.


def _use_kind(t: Translator, kind: ContactKind, contact: Contact, change: Change) -> ft.Control:
    chosen = contact.kind is kind

    @action
    def choose() -> None:
        change(lambda now: replace(now, kind=kind))

    def draw() -> ft.Control:
        return Choice(kind_name(t, kind), choose, chosen=chosen)

    return ft.use_memo(draw, [t, look_now(), chosen])


def _use_ticks(t: Translator, which: Lists, contact: Contact, change: Change) -> ft.Control:
    titles = {
        "may_know": t("What may they know?"),
        "must_sign": t("What must they sign?"),
        "never_told": t("What must they never be told?"),
    }
    choices = PAPERS if which == "must_sign" else TOPICS
    name = paper_name if which == "must_sign" else topic_name

    def use_tick(choice: str) -> ft.Control:
        chosen = choice in getattr(contact, which)

        @action
        def toggle() -> None:
            change(lambda now: toggled(now, which, choice))

        def draw() -> ft.Control:
            return Choice(name(t, choice), toggle, chosen=chosen, several=True)

        return ft.use_memo(draw, [t, look_now(), chosen])

    return Rows([Heading(titles[which]), *(use_tick(choice) for choice in choices)])


def toggled(contact: Contact, which: Lists, choice: str) -> Contact:
    """With the choice made or taken back. What somebody is never told they may not know either."""
    lists: dict[Lists, frozenset[str]] = {
        "may_know": contact.may_know,
        "must_sign": contact.must_sign,
        "never_told": contact.never_told,
    }
    lists[which] = lists[which] ^ {choice}
    other: dict[Lists, Lists] = {"may_know": "never_told", "never_told": "may_know"}
    if which in other and choice in lists[which]:
        lists[other[which]] -= {choice}
    return replace(
        contact,
        may_know=lists["may_know"],
        must_sign=lists["must_sign"],
        never_told=lists["never_told"],
    )


def _wrong(t: Translator, name_is_right: bool) -> str:
    if name_is_right:
        return t("Please write the number in digits, or leave it empty.")
    return t("Please write a name, in at most 80 letters.")


def _refusal(t: Translator, error: Invalid | Conflict) -> str:
    if isinstance(error, Conflict):
        return t("This was changed meanwhile. Please go back and look again.")
    if error.code == "too_many":
        return t("The list is full. Take somebody off first.")
    return t("Please write it in another way.")
