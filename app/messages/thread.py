"""One thread on the screen, the same for everybody who takes part."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, cast
from uuid import UUID

import flet as ft

from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import IconButton, QuietButton
from app.design.cards import Quiet, WhoReads
from app.design.guard import keyed, screen
from app.design.hooks import use_load
from app.design.layout import Filling
from app.design.look import Look
from app.design.session import AppSession, look_now, use_session
from app.design.states import show
from app.design.tokens import SNUG, TIGHT
from app.messages.asked import Asked
from app.messages.attached import ChosenLines, PictureSheet
from app.messages.attachments import Uploads
from app.messages.box import About, Box
from app.messages.desk import Desk
from app.messages.finding import Finding
from app.messages.hidden import Hidden, Hiding
from app.messages.interpreting import Interpreting
from app.messages.late import drawn_kept_back
from app.messages.model import OpenThread, ThreadKind
from app.messages.phrase_sheet import PhraseSheet
from app.messages.place import Beginning, drawn, drawn_waiting
from app.messages.quick import QuickSheet
from app.messages.seeking import Seeking
from app.messages.sheets import AboutSheet, Choices, MessageSheet, TakeBackSheet
from app.messages.template_sheet import TemplateSheet, template_rows
from app.messages.turning import Turn, TurnSheet, turn_rows, use_turns
from app.messages.use import use_messages
from app.messages.words import who_reads

_SCROLL_EVERY: Final = 300


@screen
def Thread(young_person: UUID, kind: ThreadKind, back: Callable[..., object] | None) -> ft.Control:
    """The thread of one young person; `back` leads to the list, where there is one."""
    session, messages = use_session(), use_messages()
    hidden = Hidden.of_page(ft.context.page, session.memory)

    async def opened() -> OpenThread:
        return await hidden.beside(messages.open(young_person, kind))

    loaded, reload = use_load(opened, live="messages", deps=[young_person, kind])
    body = show(
        session.t,
        loaded,
        reload,
        ready=lambda opened: keyed(str(opened.thread_id), Conversation, opened, reload, back),
        level=1,
        fills=True,
    )
    return Filling(body)


@screen
def Conversation(
    opened: OpenThread, reload: Callable[[], None], back: Callable[..., object] | None
) -> ft.Control:
    """What was said, the newest below, and the box to say more."""
    session, messages, page = use_session(), use_messages(), ft.context.page
    t, look = session.t, session.look
    me = session.person_id
    uploads = Uploads(session.seal, session.device_hash)
    made = ft.use_ref(cast(Any, lambda: Desk(page, messages, uploads, opened, me)))
    desk = cast(Desk, made.current)
    _, set_drawing = ft.use_state(0)
    desk.t, desk.reload = t, reload
    desk.redraw = lambda: set_drawing(lambda number: number + 1)
    desk.take(opened)
    ft.use_effect(desk.begin, [session.again], cleanup=desk.end)
    ft.use_effect(desk.reading.tell_read, [desk.place.newest(), session.again])
    hiding = Hiding(page, Hidden.of_page(page, session.memory), desk)
    seeking = cast(Seeking, ft.use_ref(cast(Any, lambda: Seeking(desk))).current)
    desk.place.hidden = hiding.here
    languages = Interpreting(page, session, desk)
    ft.use_dialog(_sheet(session, desk, use_turns(), hiding, seeking, languages))
    ft.use_effect(seeking.end_when_answering, [desk.writing.about])
    if seeking.on:
        return Finding(opened, hiding.here, desk.open_message, seeking.end)
    return _Talk(t, look, desk, languages, back)


def _Talk(
    t: Translator,
    look: Look,
    desk: Desk,
    languages: Interpreting,
    back: Callable[..., object] | None,
) -> ft.Control:
    opened = desk.opened
    desk.reading.list = _List(t, look, desk, languages)
    readers = _Readers(t, desk)
    rows: list[ft.Control] = [_Head(t, desk, back), desk.reading.list, _Below(t, desk)]
    if opened.can_write:
        # Large letters leave no room for what does not scroll.
        rows += [_About(t, desk), *([] if look.large else [readers]), _Box(t, desk)]
    else:
        rows.append(Quiet(t("You can read this. You cannot write here.")))
    return ft.Column(
        rows,
        spacing=TIGHT,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _Head(t: Translator, desk: Desk, back: Callable[..., object] | None) -> ft.Control:
    name = desk.opened.name or t("Chat")
    way = [IconButton(t("All chats"), ft.Icons.ARROW_BACK_ROUNDED, back)] if back else []
    about = IconButton(
        t("About this chat"), ft.Icons.INFO_ROUNDED, partial(desk.ask, Asked("about"))
    )
    # Smaller than other headings of a screen: the room belongs to what is said.
    style = theme.STRONG if look_now().large else theme.TITLE
    title = ft.Semantics(heading_level=1, content=ft.Text(name, theme_style=style, color=theme.INK))
    return ft.Row([*way, ft.Container(content=title, expand=True), about])


def _List(t: Translator, look: Look, desk: Desk, languages: Interpreting) -> ft.ListView:
    """It stands on its head: its beginning is below, where the newest is, and what comes above
    moves nothing."""
    place = desk.place
    large = look.large and desk.opened.can_write
    line = None if large else languages.line(t)
    return ft.ListView(
        [
            *(_LastLines(t, desk) if large else []),
            *([line] if line else []),
            *drawn_kept_back(desk.kept),
            *drawn_waiting(place, desk.outgoing.waiting, desk.try_again, desk.back_into_box),
            *drawn(t, look, place, desk.open_message, desk.open_picture),
            Beginning(t, place, desk.reading.older),
        ],
        reverse=True,
        spacing=TIGHT,
        padding=ft.Padding.symmetric(vertical=SNUG),
        on_scroll=desk.reading.scrolled,
        scroll_interval=_SCROLL_EVERY,
        expand=True,
    )


def _LastLines(t: Translator, desk: Desk) -> list[ft.Control]:
    return [*_Chosen(t, desk), ft.Container(content=_Readers(t, desk), key="readers")]


def _Readers(t: Translator, desk: Desk) -> ft.Control:
    """Without connection the page around the canvas says the same above its own box."""
    line = WhoReads(who_reads(t, desk.opened, desk.me))
    return ft.Semantics(identifier="readers", container=True, content=line)


def _Below(t: Translator, desk: Desk) -> ft.Control:
    """That something new came while the reader was further up."""
    news = desk.place.below
    words = t.n("{n} new message", "{n} new messages", news)
    down = QuietButton(words, desk.reading.to_end, icon=ft.Icons.ARROW_DOWNWARD_ROUNDED)
    line = ft.Row([down], wrap=True, alignment=ft.MainAxisAlignment.CENTER)
    return ft.Container(
        content=ft.Semantics(live_region=True, container=True, content=line) if news else None,
        visible=bool(news),
    )


def _About(t: Translator, desk: Desk) -> ft.Control:
    writing = desk.writing
    about = (
        About(t, writing.about, desk.stop_about, editing=writing.editing) if writing.about else None
    )
    lines = [*([about] if about else []), *([] if look_now().large else _Chosen(t, desk))]
    return ft.Container(content=ft.Column(lines, spacing=TIGHT, tight=True), visible=bool(lines))


def _Chosen(t: Translator, desk: Desk) -> list[ft.Control]:
    chosen = None if desk.writing.editing else desk.attaching.chosen
    return ChosenLines(t, chosen, desk.attaching.leave)


def _Box(t: Translator, desk: Desk) -> ft.Control:
    writing = desk.writing
    box = Box(
        t,
        desk.typed,
        desk.send,
        partial(desk.ask, Asked("quick")),
        desk.keyboard.tell,
        desk.attaching.pick,
        value=writing.value,
        turn=writing.turn,
        editing=writing.editing,
        number=desk.keyboard.number,
    )
    # Without connection the page around the canvas finds here where it lies, and what for.
    mark = None if writing.editing else f"box {desk.opened.thread_id} {desk.place.newest()}"
    return ft.Semantics(identifier=mark, container=True, content=box)


def _sheet(
    session: AppSession,
    desk: Desk,
    turns: Sequence[Turn],
    hiding: Hiding,
    seeking: Seeking,
    languages: Interpreting,
) -> ft.BottomSheet | None:
    """What is asked at the moment."""
    t, asked, opened = session.t, desk.asked, desk.opened
    if asked.what == "about":
        readers = who_reads(t, opened, desk.me)
        line = languages.line(t)
        rows = [*([line] if line else []), seeking.row(t), *hiding.rows(t)]
        return AboutSheet(t, opened, readers, desk.switch_receipts, desk.close, rows)
    if asked.what == "quick":
        phrases = partial(desk.ask, Asked("phrases"))
        first = template_rows(session, desk)
        return QuickSheet(t, desk.send_quick, phrases, desk.close, first)
    if asked.what == "phrases":
        return PhraseSheet(t, session.language, desk.send_phrase, desk.close)
    if asked.offer:
        return TemplateSheet(session, desk, asked.offer)
    if asked.message is None:
        return None
    if asked.what == "picture":
        return PictureSheet(t, asked.message, desk.close)
    if asked.what == "take_back":
        return TakeBackSheet(t, opened, desk.take_back, desk.close, running=desk.busy)
    if asked.turn:
        way = partial(desk.turn_into, session)
        return TurnSheet(t, asked.turn, asked.message, way, desk.close, running=desk.busy)
    sure = partial(desk.ask, Asked("take_back", asked.message))
    choices = Choices(desk.reply, desk.edit, sure, desk.close)
    more = turn_rows(
        t,
        turns,
        opened,
        asked.message,
        lambda turn: partial(desk.ask, Asked("turn", asked.message, turn)),
    )
    return MessageSheet(
        t, asked.message, opened, choices, [*languages.rows(t, asked.message), *more, hiding.row(t)]
    )
