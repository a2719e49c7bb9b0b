"""How somebody with a code becomes a person with a sign-in; no page and no request in here."""

import base64
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from app.core.auth import Device, Devices
from app.core.db import Db
from app.core.errors import Conflict, Invalid, NotAllowed
from app.people.actions import People
from app.people.names import plain_code

_QUALITIES, _THINGS = (
    part.split()
    for part in Path(__file__).with_name("login_words.txt").read_text("utf-8").split("\n\n")
)
_NUMBERS: Final = range(100, 1000)
# With a hundred thousand people one name in fifty is taken; eight in a row never are.
_MOST_NAMES = 8
# Whoever repeats a form had one of the first names.
_MOST_REPEATED = 3


class SignIns(Protocol):
    """Where a new sign-in comes from; raises `Conflict` when the address has one."""

    async def create_user(
        self, email: str, password: str, app_metadata: Mapping[str, object] | None = None
    ) -> UUID: ...


@dataclass(frozen=True)
class Invitation:
    """Who invites with a code that still works; `language` is the one they noted down."""

    organisation: str
    town: str
    language: str


@dataclass(frozen=True)
class Wish:
    """How to call somebody, their language, and the secret of their sign-in: a passphrase that
    they typed, or one that nobody sees. On a `shared` device other people come after them."""

    name: str
    language: str
    secret: str
    shared: bool = False


@dataclass(frozen=True)
class Joined:
    """Somebody is in: this device, its cookie, and the name to sign in with on another one."""

    cookie: str
    login: str
    device: Device


class Joining:
    """The way in by code. Each method may raise `AppError`."""

    def __init__(
        self, devices: Devices, nobody: Db, sign_ins: SignIns, *, key: bytes, login_domain: str
    ) -> None:
        """`nobody` reads without a sign-in; `key` is secret and the same in every process."""
        self._devices = devices
        self._nobody = nobody
        self._sign_ins = sign_ins
        self._key = key
        self._login_domain = login_domain

    async def invitation(self, code: str) -> Invitation | None:
        """Who invites; None for a code that is wrong, used or expired. Uses nothing up."""
        found = await self._nobody.rpc("join_page", code=code)
        return Invitation(**found) if found else None

    async def other(self, code: str) -> str | None:
        """The page for this code when it is one to get back in with: nobody has to know which."""
        return f"/back/{code}" if await self._nobody.rpc("back_page", code=code) else None

    def login(self, code: str) -> str:
        """The login name that joining with this code most likely gives."""
        return next(login_names(self._key, code))

    def hidden_secret(self, code: str, token: str, answer: str) -> str:
        """The secret behind a PIN or pictures: nobody sees it, nothing stores it in the clear.

        It follows from the form itself (`token`) and the answer, so that this very form, sent again
        after a lost network, finishes the same join, and nobody else can make it.
        """
        parts = (plain_code(code), token, answer)
        framed = b"".join(len(part).to_bytes(4) + part.encode() for part in parts)
        drawn = hmac.digest(self._key, b"secret" + framed, "sha512")
        return base64.urlsafe_b64encode(drawn[:48]).decode()

    async def join(self, code: str, wish: Wish, *, label: str, days: int) -> Joined:
        """Make a sign-in, bind it to the person of the code, sign this device in.

        The same code with the same secret finishes what an earlier call began, also when the
        code is used by now: the login name follows from the code. `Invalid("code_not_valid")`
        for everything else.
        """

        async def claim(db: Db) -> None:
            await self._claim(db, code)

        new = await self.invitation(code) is not None
        for login in islice(login_names(self._key, code), _MOST_NAMES if new else _MOST_REPEATED):
            email = f"{login}@{self._login_domain}"
            if new:
                await self._create(email, wish.secret)
            try:
                cookie, device = await self._devices.sign_in(
                    email, wish.secret, label=label, days=days, shared=wish.shared, first=claim
                )
            except (NotAllowed, Conflict) as error:
                # Somebody else's name, whether the passphrase differs or happens to be the same.
                if error.code not in ("wrong_secret", "has_a_person"):
                    raise
                continue
            await self._introduce(device, wish)
            return Joined(cookie, login, device)
        raise Invalid("code_not_valid")

    async def _create(self, email: str, passphrase: str) -> None:
        try:
            await self._sign_ins.create_user(email, passphrase)
        except Conflict:
            # Ours from a form whose answer was lost, or somebody else's: signing in will tell.
            return

    async def _claim(self, db: Db, code: str) -> None:
        try:
            await db.rpc("claim_person", code=code)
        except Invalid:
            # The same form sent twice at once: the other one was faster, and now the answer is yes.
            await db.rpc("claim_person", code=code)

    async def _introduce(self, device: Device, wish: Wish) -> None:
        people = People(device.db, device.cookie_hash)
        try:
            await _rename(people, wish)
        except Conflict:
            # The same form sent twice at once again: by now it stands there.
            await _rename(people, wish)


def login_names(key: bytes, code: str) -> Iterator[str]:
    """Names for whoever joins with `code`, always the same ones in the same order."""
    for number in range(256):
        drawn = hmac.digest(key, f"{number}:{plain_code(code)}".encode(), "sha256")
        quality, thing, digits = (
            words[int.from_bytes(part) % len(words)]
            for words, part in zip(
                (_QUALITIES, _THINGS, _NUMBERS), (drawn[:8], drawn[8:16], drawn[16:24]), strict=True
            )
        )
        yield f"{quality}-{thing}-{digits}"


async def _rename(people: People, wish: Wish) -> None:
    person = (await people.home()).person
    wanted = replace(person, name=wish.name, language=wish.language)
    if wanted != person:
        await people.update_me(wanted)
