"""A message to several people once it is written: who gets which words, and who got them."""

from collections.abc import Callable, Sequence

import flet as ft

from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import MainButton, QuietButton
from app.design.cards import Body, Card, Heading, IconLine, PersonLine, WhoReads
from app.design.layout import Stack
from app.messages.beside import Words
from app.messages.letter import Letter
from app.messages.several import Copy, Recipient
from app.messages.words import plain, refusal_words

Handler = Callable[..., object]


def Look(
    t: Translator,
    letter: Letter,
    chosen: Sequence[Recipient],
    send: Handler,
    back: Handler,
    *,
    running: bool,
) -> ft.Control:
    """Who will get which words, before they go."""
    words = t.n("Send to {n} person", "Send to {n} people", len(chosen))
    groups: dict[str, list[Recipient]] = {}
    for each in chosen:
        groups.setdefault(letter.text_for(each), []).append(each)
    return Stack(
        [
            *(_Group(t, text, group) for text, group in groups.items()),
            WhoReads(t("Each of them reads it, and who else reads their chat.")),
            ft.Row(
                [
                    MainButton(words, send, icon=ft.Icons.SEND_ROUNDED, running=running),
                    QuietButton(t("Change it"), back),
                ],
                wrap=True,
            ),
        ]
    )


def _Group(t: Translator, text: str, group: Sequence[Recipient]) -> ft.Control:
    """Those who get the same words."""
    names = t.listed([each.name for each in group])
    quiet = t.listed([each.name for each in group if each.quiet])
    lines: list[ft.Control] = [Words(t, plain(text)), IconLine(ft.Icons.GROUPS_ROUNDED, names)]
    if quiet:
        words = t("It is quiet time now for {people}.", people=quiet)
        lines.append(IconLine(ft.Icons.BEDTIME_ROUNDED, words, color=theme.WARN))
    return Card([Heading(t("These people get this")), *lines])


def Outcome(t: Translator, copies: Sequence[Copy], again: Handler, anew: Handler) -> ft.Control:
    """Who got it, and who did not and why."""
    sent = [each.to.name for each in copies if each.sent]
    left = [each for each in copies if not each.sent]
    parts: list[ft.Control] = []
    if left:
        words = t.n("{n} person did not get it.", "{n} people did not get it.", len(left))
        lines = [
            PersonLine(each.to.name, [refusal_words(t, each.error)] if each.error else [])
            for each in left
        ]
        button = MainButton(t("Try again"), again, icon=ft.Icons.REFRESH_ROUNDED)
        parts.append(
            Card(
                [
                    IconLine(ft.Icons.ERROR_ROUNDED, words, color=theme.DANGER),
                    *lines,
                    ft.Row([button], wrap=True),
                ]
            )
        )
    if sent:
        words = t.n("{n} person has it now.", "{n} people have it now.", len(sent))
        line = IconLine(ft.Icons.DONE_ALL_ROUNDED, words, color=theme.OK)
        parts.append(Card([line, Body(t.listed(sent))]))
    another = QuietButton(t("Write another message"), anew, icon=ft.Icons.EDIT_ROUNDED)
    return ft.Semantics(
        live_region=True, container=True, content=Stack([*parts, ft.Row([another], wrap=True)])
    )
