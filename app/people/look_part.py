"""Colours, calm and the size of text, chosen under Me and kept on this device alone."""

from dataclasses import replace
from functools import partial

import flet as ft

from app.core.i18n import Translator
from app.design.buttons import Choice
from app.design.cards import Heading, Quiet
from app.design.guard import screen
from app.design.hooks import use_action
from app.design.layout import Stack
from app.design.look import SIZES, Look, Scheme
from app.design.rows import Rows
from app.design.session import use_session


def look_words(t: Translator, look: Look) -> str:
    """The chosen colours, and calm where it is on."""
    words = [_scheme_name(t, look.scheme), *([t("calm")] if look.calm else [])]
    return " · ".join(words)


def size_words(t: Translator, look: Look) -> str:
    """The chosen size of text."""
    return _size_name(t, look.percent)


@screen
def LookPart() -> ft.Control:
    """Choose the colours of all screens, and whether they are calm."""
    session = use_session()
    t, look = session.t, session.look
    run, running = use_action(session.choose_look)
    schemes = [
        Choice(
            _scheme_name(t, scheme),
            partial(run, replace(look, scheme=scheme)),
            chosen=scheme is look.scheme,
            disabled=running,
        )
        for scheme in Scheme
    ]
    calms = [
        Choice(
            name,
            partial(run, replace(look, calm=calm)),
            chosen=calm is look.calm,
            disabled=running,
        )
        for calm, name in ((False, t("Off")), (True, t("On")))
    ]
    return Stack(
        [
            Quiet(t("This counts on this device only.")),
            Rows([Heading(t("Colours")), *schemes]),
            Rows(
                [
                    Heading(t("Calm")),
                    Quiet(t("Nothing moves. You see one thing at a time.")),
                    *calms,
                ]
            ),
        ]
    )


@screen
def TextSizePart() -> ft.Control:
    """Choose how large all text is on this device."""
    session = use_session()
    t, look = session.t, session.look
    run, running = use_action(session.choose_look)
    sizes = [
        Choice(
            _size_name(t, percent),
            partial(run, replace(look, percent=percent)),
            chosen=percent == look.percent,
            disabled=running,
        )
        for percent in SIZES
    ]
    return Stack([Quiet(t("This counts on this device only.")), Rows(sizes)])


def _scheme_name(t: Translator, scheme: Scheme) -> str:
    match scheme:
        case Scheme.DEVICE:
            return t("As this device has it")
        case Scheme.LIGHT:
            return t("Light")
        case Scheme.DARK:
            return t("Dark")
        case Scheme.CONTRAST:
            return t("High contrast")


def _size_name(t: Translator, percent: int) -> str:
    return {100: t("Normal"), 125: t("Large"), 150: t("Larger"), 200: t("Largest")}[percent]
