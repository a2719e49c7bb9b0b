"""Where somebody is signed in, seen under Me."""

import flet as ft

from app.core.i18n import Translator
from app.design.cards import Body, Quiet
from app.design.guard import screen
from app.design.hooks import use_load
from app.design.session import use_session
from app.design.states import show
from app.people.cards import use_people
from app.people.model import SignedInDevice


@screen
def DevicesPart() -> ft.Control:
    """Where this person is signed in, as far as each browser said what it is."""
    t, people = use_session().t, use_people()
    loaded, reload = use_load(people.my_devices, live="device")

    def lines(devices: list[SignedInDevice]) -> ft.Control:
        return ft.Column([_DeviceLine(t, each) for each in devices], tight=True)

    return show(t, loaded, reload, ready=lines)


def _DeviceLine(t: Translator, device: SignedInDevice) -> ft.Control:
    label = device.label or t("A browser")
    if device.this:
        return ft.Column([Body(label), Quiet(t("This device"))], spacing=0, tight=True)
    seen = t("Last used {date}", date=t.date(device.last_seen_at))
    return ft.Column([Body(label), Quiet(seen)], spacing=0, tight=True, key=device.ref)
