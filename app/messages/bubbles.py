"""How one message looks, and what stands between messages."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import flet as ft

from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import QuietButton
from app.design.cards import IconLine, edge
from app.design.guard import action, keyed, screen
from app.design.look import Look
from app.design.session import look_now, use_session
from app.design.tokens import CARD_RADIUS, HAIR, ICON_SMALL, SNUG, TIGHT
from app.messages.attached import Attached
from app.messages.beside import Words, beside
from app.messages.model import Message
from app.messages.unsent import Waiting
from app.messages.words import author_words, plain, refusal_words, short

Open = Callable[[Message], Awaitable[None]]
# What is longer opens with a tap: one text must not be all of a phone's screen and data.
_LONG = 1200
_OF_FIVE = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """A message and its place in the thread: `named` where another author begins, `last` as the
    reader's own newest, `news` when it came while they looked."""

    message: Message
    named: bool
    last: bool
    news: bool


def SaidOnce(
    t: Translator, look: Look, shown: Shown, on_open: Open, on_picture: Open
) -> ft.Control:
    """A message in a list of many: drawn anew only when something about it is another."""
    key = str(shown.message.client_id)
    said: ft.Control = _memo_keyed(key, Said, t, look, shown, on_open, on_picture)
    return said


_memo_keyed = ft.memo(keyed)


@screen
def Said(t: Translator, look: Look, shown: Shown, on_open: Open, on_picture: Open) -> ft.Control:
    """A message on its author's side; a tap opens what can be done with it, and `on_picture` its
    picture."""
    message, language = shown.message, use_session().language
    whole, set_whole = ft.use_state(False)

    @action
    async def opened() -> None:
        if len(message.text) > _LONG and not whole:
            set_whole(True)
        else:
            await on_open(message)

    said = [*_text(t, message, whole), *beside(t, language, message)]
    words = [*_name(t, shown), *_quoted(t, message), *said]
    column = ft.Column([*words, _Foot(t, shown)], spacing=HAIR, tight=True)
    card = _Card(column, mine=message.mine, on_click=None if message.taken_back else opened)
    bubble: ft.Control = ft.MergeSemantics(
        content=ft.Semantics(
            button=not message.taken_back,
            label=None if shown.named else author_words(t, message),
            live_region=shown.news or None,
            container=True,
            content=card,
        )
    )
    files = Attached(t, message, partial(on_picture, message))
    if files:
        bubble = _Above(files, bubble, mine=message.mine)
    return _Side(bubble, look, mine=message.mine)


@screen
def NotYet(
    waiting: Waiting, on_again: Callable[[], object], on_back: Callable[[Waiting], object]
) -> ft.Control:
    """An own message on its way, or stopped on it."""
    session = use_session()
    t, error = session.t, waiting.error
    state = (
        IconLine(ft.Icons.ERROR_ROUNDED, t("Not sent"), color=theme.DANGER)
        if error
        else _State(ft.Icons.SCHEDULE_ROUNDED, t("Waiting"), spelled=True)
    )
    text = plain(waiting.text) or (plain(waiting.file.name) if waiting.file else "")
    column: list[ft.Control] = [Words(t, text[:_LONG]), state]
    if error:
        column += [
            ft.Text(refusal_words(t, error), theme_style=theme.BODY, color=theme.INK),
            ft.Row(
                [
                    QuietButton(t("Try again"), on_again, icon=ft.Icons.REFRESH_ROUNDED),
                    QuietButton(t("Back into the box"), partial(on_back, waiting)),
                ],
                wrap=True,
                spacing=TIGHT,
                run_spacing=TIGHT,
            ),
        ]
    card = _Card(ft.Column(column, spacing=HAIR, tight=True), mine=True, on_click=None)
    side = _Side(ft.MergeSemantics(content=card) if not error else card, session.look, mine=True)
    return ft.Semantics(live_region=True, container=True, content=side) if error else side


def OwnText(t: Translator, look: Look, text: str, below: list[ft.Control]) -> ft.Control:
    """Something of one's own that is no message, as messages look; `below` it what can be done."""
    words = Words(t, plain(text)[:_LONG])
    card = _Card(ft.Column([words, *below], spacing=HAIR, tight=True), mine=True, on_click=None)
    return _Side(card, look, mine=True)


def Day(words: str) -> ft.Control:
    """Where another day begins; screen readers jump from one to the next."""
    return ft.Container(
        content=ft.Semantics(
            heading_level=2,
            content=ft.Text(words, theme_style=theme.STRONG, color=theme.MUTED),
        ),
        alignment=ft.Alignment.CENTER,
        padding=ft.Padding.symmetric(vertical=TIGHT),
    )


def _name(t: Translator, shown: Shown) -> list[ft.Control]:
    if not shown.named:
        return []
    return [ft.Text(author_words(t, shown.message), theme_style=theme.STRONG, color=theme.PRIMARY)]


def _quoted(t: Translator, message: Message) -> list[ft.Control]:
    """The beginning of what a message replies to."""
    if message.reply_to is None or message.taken_back:
        return []
    silent = t("A file") if message.reply_file else t("Taken back")
    line = IconLine(ft.Icons.REPLY_ROUNDED, short(message.reply_text) or silent)
    return [
        ft.Container(
            content=line,
            padding=ft.Padding.symmetric(horizontal=SNUG, vertical=HAIR),
            bgcolor=theme.PAPER,
            border=edge(),
            border_radius=TIGHT,
        )
    ]


def _text(t: Translator, message: Message, whole: bool) -> list[ft.Control]:
    """Nothing where a file came without a word."""
    if message.taken_back:
        return [_NoWords(t("Taken back"))]
    if not message.readable:
        return [_NoWords(t("This cannot be read right now."))]
    text = plain(message.text)
    if not text and message.attachment:
        return []
    if whole or len(text) <= _LONG:
        return [Words(t, text)]
    more = ft.Text(t("Tap to read all of it."), theme_style=theme.STRONG, color=theme.PRIMARY)
    return [Words(t, text[:_LONG] + "…"), more]


def _NoWords(text: str) -> ft.Control:
    return ft.Text(text, theme_style=theme.BODY, color=theme.MUTED, italic=True)


def _Foot(t: Translator, shown: Shown) -> ft.Control:
    """When it was written and what became of it."""
    message = shown.message
    parts = [t.time(message.sent_at)]
    if message.edited and not message.taken_back:
        parts.append(t("edited"))
    when = ft.Text(" · ".join(parts), theme_style=theme.BODY, color=theme.MUTED)
    state = [] if not message.mine or message.taken_back else [_receipt(t, shown)]
    return ft.Row([when, *state], spacing=TIGHT, run_spacing=0, wrap=True, tight=True)


def _receipt(t: Translator, shown: Shown) -> ft.Control:
    message = shown.message
    if message.read:
        return _State(ft.Icons.DONE_ALL_ROUNDED, t("Read"), spelled=shown.last, strong=True)
    if message.delivered:
        return _State(ft.Icons.DONE_ALL_ROUNDED, t("Delivered"), spelled=shown.last)
    return _State(ft.Icons.DONE_ROUNDED, t("Sent"), spelled=shown.last)


def _State(icon: ft.IconData, word: str, *, spelled: bool, strong: bool = False) -> ft.Control:
    """What became of an own message; only the newest says it in letters, all say it aloud."""
    color = theme.PRIMARY if strong else theme.MUTED
    picture = ft.Icon(
        icon,
        size=look_now().scaled(ICON_SMALL),
        color=color,
        semantics_label=None if spelled else word,
    )
    words = [ft.Text(word, theme_style=theme.BODY, color=color)] if spelled else []
    return ft.Row([picture, *words], spacing=HAIR, tight=True)


def _Card(content: ft.Control, *, mine: bool, on_click: Callable[..., object] | None) -> ft.Control:
    bare = not mine or look_now().contrast
    return ft.Container(
        content=content,
        padding=ft.Padding.symmetric(horizontal=SNUG, vertical=TIGHT),
        bgcolor=theme.PRIMARY_TINT if mine else theme.SURFACE,
        border=edge(chosen=mine) if bare else None,
        border_radius=CARD_RADIUS,
        ink=on_click is not None,
        on_click=on_click,
    )


def _Above(files: Sequence[ft.Control], said: ft.Control, *, mine: bool) -> ft.Control:
    """A file stands on its own, above what was said with it: each has its own tap."""
    side = ft.CrossAxisAlignment.END if mine else ft.CrossAxisAlignment.START
    return ft.Column([*files, said], spacing=HAIR, tight=True, horizontal_alignment=side)


def _Side(said: ft.Control, look: Look, *, mine: bool) -> ft.Control:
    """Own messages at the end of the line, those of others at its start: in every direction."""
    bubble = ft.Container(content=said, expand=_OF_FIVE, expand_loose=True)
    # Large letters need the whole width.
    rest = [] if look.large else [ft.Container(expand=1)]
    return ft.Row(
        [*rest, bubble] if mine else [bubble, *rest],
        alignment=ft.MainAxisAlignment.END if mine else ft.MainAxisAlignment.START,
        spacing=0,
    )
