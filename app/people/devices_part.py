"""Where somebody is signed in, and signing out there, under Me."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import cast

import flet as ft

from app.core.clock import utc_now
from app.core.errors import NotFound
from app.core.i18n import Translator
from app.design import theme
from app.design.buttons import QuietButton
from app.design.cards import Card, Heading, IconLine, Quiet
from app.design.guard import action, screen
from app.design.hooks import use_action, use_load
from app.design.layout import Stack
from app.design.rows import Sheet
from app.design.session import use_session
from app.design.states import show
from app.people.cards import use_people
from app.people.model import SignedInDevice


@screen
def DevicesPart() -> ft.Control:
    """The devices of this person, as far as each browser said what it is; and the way to sign out
    one of them or all others, asked again before it is done."""
    t, people = use_session().t, use_people()
    loaded, reload = use_load(people.my_devices, live="device")
    # What is being asked about: devices by ref, one or all others; nothing: nobody is asked.
    asked, set_asked = ft.use_state(cast("tuple[SignedInDevice, ...]", ()))

    def forget() -> None:
        set_asked(())

    async def sign_out() -> None:
        if not asked:
            # The same answer once more, from a sheet that is going.
            return
        if len(asked) == 1:
            # Gone meanwhile is what was wanted.
            with contextlib.suppress(NotFound):
                await people.close_device(asked[0].ref)
        else:
            await people.close_other_devices()
        set_asked(())
        reload()

    run, running = use_action(sign_out)
    ft.use_dialog(_Question(t, asked, run, action(forget), running) if asked else None)

    def ask(devices: Sequence[SignedInDevice]) -> None:
        set_asked(tuple(devices))

    return show(t, loaded, reload, ready=lambda devices: _Devices(t, devices, ask))


def _Devices(
    t: Translator,
    devices: Sequence[SignedInDevice],
    ask: Callable[[Sequence[SignedInDevice]], None],
) -> ft.Control:
    # What came in by a code ends altogether, unless this device came in by it, too.
    by_code = any(each.this and each.returned for each in devices)
    others = [each for each in devices if not each.this]
    all_others = QuietButton(t("Sign out everywhere else"), action(partial(ask, others)))
    return Stack(
        [
            *(
                _DeviceCard(t, each, action(partial(ask, [_asked(each, by_code)])))
                for each in devices
            ),
            *([ft.Row([all_others], wrap=True)] if len(others) > 1 else []),
        ]
    )


def _asked(device: SignedInDevice, by_code: bool) -> SignedInDevice:
    return replace(device, returned=device.returned and not by_code)


def _DeviceCard(t: Translator, device: SignedInDevice, ask: Callable[..., object]) -> ft.Control:
    used = t("This device") if device.this else last_used(t, device.last_seen_at, utc_now())
    lines = [Quiet(used), Quiet(t("Signed in since {date}", date=t.date(device.created_at)))]
    if device.shared:
        lines.append(IconLine(ft.Icons.GROUP_ROUNDED, t("A shared device")))
    if device.returned:
        lines.append(
            IconLine(ft.Icons.KEY_ROUNDED, t("Came in with a code to get back in"), color=theme.INK)
        )
    if not device.this:
        lines.append(ft.Row([QuietButton(t("Sign out there"), ask)], wrap=True))
    return Card([Heading(_label(t, device)), *lines])


def _Question(
    t: Translator,
    asked: Sequence[SignedInDevice],
    yes: Callable[..., object],
    no: Callable[..., object],
    running: bool,
) -> ft.BottomSheet:
    text = t("Whoever uses it must sign in again. Nothing is lost.")
    if len(asked) == 1:
        title = t("Sign out {device}?", device=_label(t, asked[0]))
        if asked[0].returned:
            text = t("Its name and secret stop working. A new code would be needed.")
    else:
        title = t("Sign out everywhere else?")
    return Sheet(
        title,
        text,
        yes=t("Sign out there"),
        no=t("Stay signed in"),
        on_yes=yes,
        on_no=no,
        running=running,
    )


def _label(t: Translator, device: SignedInDevice) -> str:
    return device.label or t("A browser")


def last_used(t: Translator, when: datetime, now: datetime) -> str:
    """When a device was last used, in words for the last two days, in the reader's time zone."""
    day, time = t.date(when), t.time(when)
    if day == t.date(now):
        return t("Last used today at {time}", time=time)
    if day == t.date(now - timedelta(days=1)):
        return t("Last used yesterday at {time}", time=time)
    return t("Last used {date}", date=day)
