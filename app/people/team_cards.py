"""Who is around whom: pieces that screens of several roles share."""

import io
from collections.abc import Callable, Sequence

import flet as ft
import segno

from app.core.i18n import Translator, own_name
from app.design import theme
from app.design.cards import Body, Card, Heading, IconLine, PersonLine, Quiet, WhoReads
from app.design.guard import screen
from app.design.hooks import use_load
from app.design.rows import Line
from app.design.session import look_now, use_session
from app.design.states import show
from app.design.tokens import FIELD_RADIUS, ROOM, SNUG
from app.people.access import Fact, Reader, readers, staff_words
from app.people.cards import use_people
from app.people.contacts import dialled
from app.people.model import OfficeHours, Part, TeamMember, who_stands_in
from app.people.role_words import part_name
from app.people.staff_cards import hours_words

# Hints after which a team, or a list of young people, may look different.
TEAM_KINDS = frozenset({"team", "person", "access"})
_QR_PIXELS, _QR_QUIET = 220, 4


@screen
def MyTeamCard() -> ft.Control:
    """For a young person: the key worker first, then everybody else in the team."""
    t, people = use_session().t, use_people()
    loaded, reload = use_load(people.my_team, live=TEAM_KINDS)
    return show(
        t,
        loaded,
        reload,
        ready=lambda team: _MyTeam(t, team),
        empty=lambda: _NobodyYet(t),
    )


def _MyTeam(t: Translator, team: Sequence[TeamMember]) -> ft.Control:
    first, others = team[0], team[1:]
    if first.part is not Part.KEY_WORKER:
        return ft.Column([_NobodyYet(t), TeamCard(t, team)], spacing=ROOM, tight=True)
    mine = Card(
        [
            Heading(first.title or t("My key worker")),
            MemberLine(t, first, large=True),
            *hours_lines(t, first.office_hours, first.time_zone),
            *call_lines(first.phone),
            *([_WhoAnswers(t, team)] if first.back_on else []),
            *([Quote(first.away_words)] if first.away_words else []),
            Body(t("This is the person to ask, about anything.")),
        ]
    )
    rest = [TeamCard(t, others)] if others else []
    return ft.Column(
        [mine, *rest],
        spacing=ROOM,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def call_lines(phone: str | None) -> list[ft.Control]:
    """A number that a tap calls, also while the server cannot be reached; nothing without one."""
    if not phone:
        return []
    call = ft.OutlinedButton(
        # Digits keep their order in a right-to-left line.
        content=f"\u2066{phone}\u2069",
        icon=ft.Icons.CALL_ROUNDED,
        url=ft.Url(f"tel:{dialled(phone)}", target=ft.UrlTarget.SELF),
    )
    return [ft.Row([call], wrap=True)]


def _NobodyYet(t: Translator) -> ft.Control:
    return Card(
        [
            Heading(t("My key worker")),
            Quiet(t("You have no key worker yet. We are looking for somebody for you.")),
        ]
    )


def TeamCard(t: Translator, team: Sequence[TeamMember]) -> ft.Control:
    """The people of a team, each with their part."""
    return Card(
        [
            Heading(t("In the team")),
            *(MemberLine(t, each) for each in team),
        ]
    )


def MemberLine(t: Translator, member: TeamMember, *, large: bool = False) -> ft.Control:
    """Somebody of a team: their picture (`large` where the card is about them), what people call
    them, their pronouns, and whether they are away."""
    called = " · ".join(filter(None, (member.title or part_name(t, member.part), member.pronouns)))
    away = [t("Back on {date}", date=t.date(member.back_on))] if member.back_on else []
    return PersonLine(member.name, [called, *away], photo=member.photo, large=large)


def hours_lines(t: Translator, hours: Sequence[OfficeHours], time_zone: str) -> list[ft.Control]:
    """When somebody is there, if they said so."""
    words = hours_words(t, hours, time_zone)
    return [IconLine(ft.Icons.SCHEDULE_ROUNDED, "\n".join(words))] if words else []


def Quote(text: str) -> ft.Control:
    """What somebody wrote, in their own words."""
    return IconLine(ft.Icons.FORMAT_QUOTE_ROUNDED, text, color=theme.INK)


def _WhoAnswers(t: Translator, team: Sequence[TeamMember]) -> ft.Control:
    other = who_stands_in(team)
    if other:
        text = t("{name} answers until then.", name=other.name)
    else:
        text = t("Nobody answers here until then. Help is at the top.")
    return IconLine(ft.Icons.SWAP_HORIZ_ROUNDED, text, color=theme.INK)


def StateLine(t: Translator, joined: bool | None) -> ft.Control:
    """Whether somebody has joined; nothing for a reader who may not know."""
    icon = ft.Icons.CHECK_CIRCLE_ROUNDED if joined else ft.Icons.HOURGLASS_EMPTY_ROUNDED
    words = state_words(t, joined)
    if words is None:
        return ft.Container()
    return IconLine(icon, words, color=theme.OK if joined else theme.MUTED)


def state_words(t: Translator, joined: bool | None) -> str | None:
    """Whether somebody has joined, in words; None for a reader who may not know."""
    if joined is None:
        return None
    return t("Joined") if joined else t("Waiting for them to join")


def PersonRow(
    name: str,
    meta: Sequence[str | None],
    on_click: Callable[..., object],
    *,
    chosen: bool = False,
) -> ft.Control:
    """One person in a list, opened by a tap; `meta` are facts, each on a line of its own."""
    person = ft.Container(content=PersonLine(name, list(filter(None, meta))), expand=True)
    # Large letters need its room: a date would break in the middle of the year.
    onward = (
        [] if look_now().large else [ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, color=theme.MUTED)]
    )
    return Line(ft.Row([person, *onward], spacing=SNUG), on_click, chosen=chosen)


def CodeCard(t: Translator, name: str, code: str, address: str) -> ft.Control:
    """A new code to hand over: to scan, or to read out."""
    return Card(
        [
            Heading(t("A code for {name}", name=name)),
            Body(t("Let them scan this, or read the code to them.")),
            ft.Container(content=_Qr(t, address), alignment=ft.Alignment.CENTER),
            ft.Semantics(
                label=t("Code: {code}", code=" ".join(code)),
                exclude_semantics=True,
                content=ft.Text(
                    code,
                    theme_style=theme.DISPLAY,
                    color=theme.INK,
                    text_align=ft.TextAlign.CENTER,
                    rtl=False,
                    selectable=True,
                ),
            ),
            IconLine(ft.Icons.SCHEDULE_ROUNDED, t("It works once, in the next 48 hours.")),
            IconLine(ft.Icons.LOCK_ROUNDED, t("We show it only now. You can make a new one.")),
        ]
    )


def _Qr(t: Translator, address: str) -> ft.Control:
    """Dark on white in every theme: cameras read nothing else as well."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="png", scale=8, border=_QR_QUIET)
    return ft.Container(
        content=ft.Image(
            src=drawn.getvalue(),
            width=_QR_PIXELS,
            height=_QR_PIXELS,
            semantics_label=t("The code as a picture to scan"),
        ),
        bgcolor=ft.Colors.WHITE,
        border_radius=FIELD_RADIUS,
    )


def team_reads(t: Translator) -> ft.Control:
    """Who sees the name and the state of a young person."""
    found = readers(Fact.NAME)
    people = [t("they"), *(staff_words(t, each) for each in found if each is not Reader.PROTECTOR)]
    words = t("Who can read this: {people}.", people=t.listed(people))
    if Reader.PROTECTOR in found:
        words += " " + t("If they are in danger: two more people, for one hour.")
    return WhoReads(words)


def language_name(code: str | None) -> str | None:
    """A language by its own name, as far as we know it."""
    return own_name(code) or code if code else None


def join_address(origin: str, code: str) -> str:
    """What the picture of a code leads to."""
    return f"{origin}/join/{code}"
