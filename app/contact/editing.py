"""Changing an agreement: what is wished here, and what somebody else saved meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import flet as ft

from app.contact.actions import Contact
from app.contact.cards import AgreementForm, Handler, Step
from app.contact.model import Agreement, InTouch
from app.core.errors import Conflict
from app.design.guard import action, calling, toast
from app.design.hooks import use_action
from app.design.session import use_session
from app.design.states import Loaded


@dataclass(frozen=True)
class Editing:
    """`begin` opens the form with an agreement; `form` draws it, or is None while it is shut."""

    begin: Callable[[Agreement], Handler]
    form: Callable[[], ft.Control] | None


def use_editing(contact: Contact, loaded: Loaded[InTouch], reload: Callable[[], None]) -> Editing:
    """The state of the form, for a screen that stays while the form comes and goes. A hook.

    What somebody else saves meanwhile is shown beside the form. Saving again then keeps one's own,
    over the version that was shown.
    """
    t = use_session().t
    draft, set_draft = ft.use_state(cast("Agreement | None", None))
    wrong, set_wrong = ft.use_state("")
    stored = loaded.data.agreement if loaded.data else None
    newer = stored if stored and draft and stored.version > draft.version else None

    def setting(value: Agreement | None) -> Handler:
        @action
        def go() -> None:
            set_wrong("")
            set_draft(value)

        return go

    def wish(step: Step) -> Handler:
        return calling(set_draft, lambda now: step(now) if now else None)

    async def save() -> None:
        if draft is None:
            return
        if not draft.ways:
            set_wrong(t("Please choose at least one way."))
            return
        set_wrong("")
        try:
            await contact.agree(replace(draft, version=(newer or draft).version))
        except Conflict:
            reload()
            return
        set_draft(None)
        toast(ft.context.page, t("Saved."))
        reload()

    run, running = use_action(save)

    def form() -> ft.Control:
        return AgreementForm(
            t,
            draft or Agreement(),
            wish,
            theirs=newer,
            time_zone=loaded.data.time_zone if loaded.data else t.time_zone,
            wrong=wrong,
            save=run,
            take=setting(newer),
            back=setting(None),
            running=running,
        )

    return Editing(setting, form if draft else None)
