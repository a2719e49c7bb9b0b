"""What the screens of this room take from the session."""

from uuid import UUID

import flet as ft

from app.design.hooks import use_load
from app.design.session import Lifetime, use_session
from app.messages.actions import Messages
from app.messages.attaching import Attaching
from app.messages.attachments import Uploads
from app.messages.unsent import Outgoing, Unsent

_KEY = "messages.unsent"
_FILES = "messages.files"


def use_messages() -> Messages:
    """The verbs about messages for this session. A hook."""
    session = use_session()
    return Messages(session.db, session.seal, session.language)


def use_unread(asked: bool) -> int:
    """How many messages this person has not read yet, in all threads; 0 unless `asked`. A hook."""
    messages = use_messages()

    async def none() -> int:
        return 0

    loaded, _ = use_load(messages.unread if asked else none, live="messages", deps=[asked])
    return loaded.data or 0


def unsent_of(page: ft.Page, messages: Messages, person: UUID) -> Unsent:
    """What this person has typed in this session and not sent; it ends with the session. Somebody
    else on the same page meets nothing of it."""
    found = page.session.store.get(_KEY)
    if isinstance(found, Unsent) and found.person != person:
        found.end()
        found = None
    if not isinstance(found, Unsent):
        found = Unsent(messages, person)
        page.session.store.set(_KEY, found)
        if life := Lifetime.of(page):
            life.at_end(found.end)
    found.through(messages)
    return found


def attaching_of(page: ft.Page, uploads: Uploads, outgoing: Outgoing, thread: UUID) -> Attaching:
    """The file beside what is written there; like the words it outlives the screen."""
    found = page.session.store.get(_FILES)
    kept: dict[Outgoing, Attaching] = found if isinstance(found, dict) else {}
    page.session.store.set(_FILES, kept)
    if outgoing not in kept:
        kept[outgoing] = Attaching(uploads, thread, lambda: outgoing.heard(None))
    return kept[outgoing]
