"""How somebody who was invited by mail becomes a person with a sign-in; no page in here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.core.auth import Device, Devices
from app.core.clock import SystemClock
from app.core.db import Db
from app.core.errors import AppError, Invalid, NotAllowed, Unexpected
from app.core.http import Backend
from app.core.seal import Seal
from app.core.tokens import Tokens, choose_password, prove_address, revoke
from app.people.actions import People
from app.people.model import Role


@dataclass(frozen=True)
class Invited:
    """What an invitation that still works says. `name` is how the inviter calls the person."""

    organisation: str
    town: str
    role: Role
    name: str
    language: str
    email: str
    inviter: str | None


@dataclass(frozen=True)
class Entry:
    """What somebody sent to come in: the parts of their link, and what they typed."""

    code: str
    token_hash: str
    proof: str
    email: str
    name: str
    language: str
    passphrase: str


class AnotherPassphrase(Exception):
    """Auth does not take this one. With `proof` the same person may try another: the link's token
    is used up by now."""

    def __init__(self, proof: str) -> None:
        super().__init__()
        self.proof = proof


class Inviting:
    """The way in by mail. Each method may raise `AppError`; `nobody` reads without a sign-in."""

    def __init__(self, devices: Devices, nobody: Db, backend: Backend, seal: Seal) -> None:
        self._devices = devices
        self._nobody = nobody
        self._backend = backend
        self._seal = seal
        self._clock = SystemClock()

    async def invitation(self, code: str) -> Invited | None:
        """What this code stands for; None for wrong, used and expired alike. Uses nothing up."""
        row: Mapping[str, Any] | None = await self._nobody.rpc("invitation_page", code=code)
        return Invited(**{**row, "role": Role(row["role"])}) if row else None

    async def come_in(self, entry: Entry, *, label: str, days: int) -> str:
        """The cookie of this device, now signed in; sent again, it finishes what is left to do.

        Raises `Invalid("code_not_valid")` when the invitation does not work (any more), and
        AnotherPassphrase.
        """
        invited = await self.invitation(entry.code)
        if invited is not None:
            entry = replace(entry, email=invited.email)
            await self._choose(entry)

        async def claim(db: Db) -> None:
            await db.rpc("claim_person", code=entry.code)

        try:
            cookie, device = await self._devices.sign_in(
                entry.email, entry.passphrase, label=label, days=days, first=claim
            )
        except NotAllowed as error:
            if error.code == "too_many_tries":
                raise
            raise Invalid("code_not_valid") from error
        await _call_by(People(device.db, device.cookie_hash), entry.name, entry.language)
        return cookie

    async def accept(self, device: Device, code: str) -> None:
        """One more place for somebody who is signed in.

        Raises `Invalid("code_not_valid")`, `Conflict("already_there")` and
        `NotAllowed("not_yourself")`.
        """
        await device.db.rpc("accept_invitation", code=code)

    async def _choose(self, entry: Entry) -> None:
        """Prove the address and set the passphrase; nothing if an earlier sending has done it."""
        context = f"invited:{entry.code}"
        try:
            tokens = self._proved(entry.proof, context) or await prove_address(
                self._backend, self._clock, entry.token_hash
            )
        except (NotAllowed, Invalid) as error:
            if error.code == "too_many_tries":
                raise
            return
        try:
            await choose_password(self._backend, tokens, entry.passphrase)
        except Invalid as error:
            raise AnotherPassphrase(self._seal.seal(tokens.dump(), context)) from error
        await revoke(self._backend, tokens, "local")

    def _proved(self, proof: str, context: str) -> Tokens | None:
        try:
            return Tokens.load(self._seal.open(proof, context)) if proof else None
        except Unexpected:
            return None


async def _call_by(people: People, name: str, language: str) -> None:
    """Note what they want to be called; what fails here they can change inside."""
    try:
        person = (await people.home()).person
        if (person.name, person.language) != (name, language):
            await people.update_me(replace(person, name=name, language=language))
    except AppError:
        return
