"""Who comes in: which device a cookie names, and what its screens begin with."""

from weakref import WeakKeyDictionary

import flet as ft

from app.core.auth import Device, Devices
from app.core.errors import AppError, NotAllowed
from app.core.i18n import SOURCE, Translator
from app.core.live import LiveHub
from app.core.seal import Seal
from app.core.translation import TranslationProvider
from app.design.look import look_of
from app.design.session import AppSession, Post
from app.home.main import open_app
from app.people.actions import People
from app.safety.model import help_book
from app.shell.socket import current_identity
from app.shell.static import Reader
from app.shell.visit import Identity
from app.shell.wishes import current_wishes


async def identify(devices: Devices, cookie: str) -> Identity | None:
    """The device of this cookie; None for one that is not signed in."""
    try:
        device = await devices.open(cookie)
        locked = await devices.locked(device.cookie_hash)
    except NotAllowed:
        return None
    return Identity(device.cookie_hash, device.person_id, device.expires_at, locked)


class Reception:
    """Lets devices in, and remembers the language of each for what is said before its screens."""

    def __init__(
        self,
        devices: Devices,
        seal: Seal,
        live: LiveHub,
        origin: str,
        *,
        post: Post | None,
        translator: TranslationProvider | None,
    ) -> None:
        self._devices = devices
        self._seal = seal
        self._live = live
        self._origin = origin
        self._post = post
        self._translator = translator
        self._languages: WeakKeyDictionary[Device, str] = WeakKeyDictionary()

    async def enter(self, page: ft.Page) -> None:
        """Flet's `main`: begin the session of the device that opened this socket."""
        identity = current_identity()
        device = self._devices.at_hand(identity.cookie_hash)
        open_app(
            page,
            AppSession(
                db=device.db,
                seal=self._seal,
                t=Translator(self._languages.get(device, SOURCE)),
                person_id=identity.person_id,
                device_hash=identity.cookie_hash,
                live=self._live,
                navigate=page.navigate,
                origin=self._origin,
                post=self._post,
                translator=self._translator,
                look=look_of(current_wishes()),
            ),
        )

    async def reader_of(self, identity: Identity) -> Reader:
        """The person's language and country, for the page around the screens."""
        try:
            device = self._devices.at_hand(identity.cookie_hash)
            home = await People(device.db, identity.cookie_hash).home()
        except AppError:
            return Reader(SOURCE)
        language = self._languages[device] = home.person.language
        country = home.active.organisation.country if home.active else None
        return Reader(language, country, help_book().neutral_site(country))

    def crash_words(self, identity: Identity) -> str:
        """What stands on the screen where nothing else can."""
        try:
            language = self._languages.get(self._devices.at_hand(identity.cookie_hash), SOURCE)
        except NotAllowed:
            language = SOURCE
        t = Translator(language)
        return t("Something went wrong. Please load the page again.")
