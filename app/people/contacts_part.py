"""Who else is there: the young person's own list, and as staff may read it and add to it."""

from collections.abc import Callable
from typing import Literal, cast
from uuid import UUID

import flet as ft

from app.core.errors import Invalid
from app.core.i18n import Translator
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Body, Card, Heading, Quiet
from app.design.forms import Field
from app.design.guard import action, calling, keyed, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Sheet
from app.design.session import use_session
from app.design.states import show
from app.people.access import Fact
from app.people.access_cards import ReadBy
from app.people.cards import use_mine
from app.people.contact_cards import ContactCard, ContactForm
from app.people.contacts import Around, Contact, ContactsOf

Edited = Contact | Literal["year"] | None
Reload = Callable[[], None]


@screen
def AroundPart() -> ft.Control:
    """For the young person, under Me."""
    session, active = use_session(), use_mine().home.active
    if active is None:
        return ft.Container(visible=False)
    return Contacts(active.organisation.id, session.person_id)


@screen
def Contacts(organisation: UUID, young_person: UUID, *, may_add: bool = True) -> ft.Control:
    """The list; the young person changes it, others read it and may only add, if `may_add`."""
    session = use_session()
    t, contacts = session.t, ContactsOf(session.db, organisation, young_person)
    loaded, reload = use_load(contacts.read, live="contacts", deps=[organisation, young_person])
    edited, set_edited = ft.use_state(cast(Edited, None))
    own = young_person == session.person_id

    def back() -> None:
        set_edited(None)
        reload()

    def everybody(around: Around) -> ft.Control:
        cards = [
            keyed(str(each.id), OneContact, each, contacts, own, set_edited, reload)
            for each in around.contacts
        ]
        add = MainButton(
            t("Add somebody"), calling(set_edited, Contact()), icon=ft.Icons.PERSON_ADD_ROUNDED
        )
        return Stack(
            [
                Quiet(t("Nobody on this list can sign in or read here.")),
                _Year(t, around.birth_year, calling(set_edited, "year") if own else None),
                *(cards or [Quiet(t("Nobody is on the list yet."))]),
                *([ft.Row([add], wrap=True)] if may_add else []),
            ]
        )

    if edited == "year":
        year = loaded.data.birth_year if loaded.data else None
        body: ft.Control = YearForm(contacts, year, back)
    elif isinstance(edited, Contact):
        body = keyed(str(edited.id), ContactForm, edited, contacts.keep, back)
    else:
        body = show(t, loaded, reload, ready=everybody)
    return Stack([ReadBy(t, Fact.CONTACTS), body])


@screen
def OneContact(
    contact: Contact,
    contacts: ContactsOf,
    own: bool,
    edit: Callable[[Edited], None],
    reload: Reload,
) -> ft.Control:
    """A card; for the young person with a way to change it or take it off."""
    t = use_session().t
    asked, set_asked = ft.use_state(False)

    async def remove() -> None:
        await contacts.remove(contact)
        set_asked(False)
        reload()

    run, running = use_action(remove)
    sheet = Sheet(
        t("Take {name} off the list?", name=contact.name),
        t("What you wrote about them is erased."),
        yes=t("Take off"),
        no=t("Keep"),
        on_yes=run,
        on_no=calling(set_asked, False),
        running=running,
    )
    ft.use_dialog(sheet if asked else None)
    buttons: list[ft.Control] = []
    if own:
        buttons = [
            QuietButton(t("Change"), calling(edit, contact)),
            QuietButton(t("Take off"), calling(set_asked, True)),
        ]
    return ContactCard(t, contact, buttons)


@screen
def YearForm(contacts: ContactsOf, year: int | None, leave: Reload) -> ft.Control:
    """The birth year: given, changed or taken back."""
    t = use_session().t
    typed = ft.use_ref(str(year or ""))
    wrong, set_wrong = ft.use_state(cast("str | None", None))

    def keep(text: str) -> None:
        typed.current = text

    async def store() -> None:
        text = (typed.current or "").strip()
        try:
            await contacts.set_birth_year(_year(text))
        except (ValueError, Invalid):
            set_wrong(t("Please write four digits, or leave it empty."))
            return
        leave()

    run, running = use_action(store)
    return Stack(
        [
            Heading(t("The year I was born")),
            Field(
                t("Year"),
                keep,
                value=str(year or ""),
                hint=t("Leave it empty to take it back."),
                wrong=wrong,
                on_submit=run,
            ),
            ft.Row(
                [
                    MainButton(t("Save"), run, running=running),
                    QuietButton(t("Back"), action(leave)),
                ],
                wrap=True,
            ),
        ]
    )


def _year(text: str) -> int | None:
    """Raises ValueError for what is no year of four digits."""
    if not text:
        return None
    if len(text) != 4:
        raise ValueError(text)
    return int(text)


def _Year(t: Translator, year: int | None, on_click: Callable[..., object] | None) -> ft.Control:
    said = t("Born in {year}.", year=year) if year else t("Not said.")
    change = [ft.Row([QuietButton(t("Change"), on_click)], wrap=True)] if on_click else []
    return Card([Heading(t("The year I was born"), level=3), Body(said), *change])
