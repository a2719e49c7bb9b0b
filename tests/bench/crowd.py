"""A crowd of signed-in devices: people and sign-ins made through the doors that real ones use."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from app.cli.sign_ins import SignIns, open_sign_ins
from app.config import Settings
from app.core.clock import SystemClock, utc_now
from app.core.db import Db
from app.core.http import Backend, open_backend
from app.core.ids import hash_cookie, new_cookie
from app.core.seal import Seal
from app.core.speaking import speaking_for
from app.core.tokens import Tokens, sign_in
from app.core.vault import Vault
from app.door.web import forward_addresses
from app.people.contacts import Contact, ContactsOf

DEVICES_EACH = 10
_SECRET = "lantern-copper-maple-21"
# As in the demo: a key worker has so many young people.
_LIST = 25
_AT_ONCE = 6

T = TypeVar("T")


@dataclass(frozen=True)
class Device:
    """A signed-in browser: its cookie's value, and the address its connections come from."""

    cookie: str
    role: str
    address: str


async def gather_crowd(
    settings: Settings, founder: dict[str, str], people: int, name: str
) -> list[Device]:
    """So many more people in the demo organisation, each with `DEVICES_EACH` signed-in devices.

    `name` goes into their sign-ins, so that no two crowds have the same. `founder` is the
    coordinator as `./dev status --json` tells them. The devices of one person share one session of
    Auth, which spares nine of ten slow hashes and nothing that is measured.
    """
    async with _house(settings, founder, name) as house:
        workers = max(1, people // _LIST)
        staff = await _few_at_once(house.key_worker(number) for number in range(workers))
        doors = [house.door(each) for each in staff]
        young = await _few_at_once(
            house.young_person(number, doors[number % workers])
            for number in range(people - workers)
        )
        everybody = [*(("key_worker", each) for each in staff)]
        everybody += [("young_person", each) for each in young]
        return await _few_at_once(
            house.device(role, tokens, f"127.1.{number % 250 + 1}.{turn + 1}")
            for turn in range(DEVICES_EACH)
            for number, (role, tokens) in enumerate(everybody)
        )


@dataclass
class _House:
    sign_ins: SignIns
    backend: Backend
    vault: Vault
    founder: Db
    organisation: str
    name: str

    def door(self, tokens: Tokens) -> Db:
        return self.vault.door(tokens)

    async def key_worker(self, number: int) -> Tokens:
        added = await self._add(self.founder, f"Worker {number}", "key_worker")
        tokens = await self._come_in(f"worker{number}@{self.name}.example", added["code"], number)
        until = (utc_now().date() + timedelta(days=300)).isoformat()
        await self.founder.rpc(
            "set_clearance", membership=added["membership_id"], until=until, version=1
        )
        return tokens

    async def young_person(self, number: int, worker: Db) -> Tokens:
        added = await self._add(worker, f"Person {number}", "young_person")
        email = self.sign_ins.email_of(f"{self.name}-person-{number}")
        tokens = await self._come_in(email, added["code"], number)
        # Somebody on the list of who else is there, for what can be tapped on it.
        kept = ContactsOf(self.door(tokens), UUID(self.organisation), UUID(added["person_id"]))
        await kept.keep(Contact(name="Grandma"))
        return tokens

    async def device(self, role: str, tokens: Tokens, address: str) -> Device:
        cookie = new_cookie()
        label = "Chrome · Android"
        await self.vault.keep(hash_cookie(cookie), tokens, label, 30, shared=False)
        return Device(cookie, role, address)

    async def _come_in(self, email: str, code: str, number: int) -> Tokens:
        await self.sign_ins.create_user(email, _SECRET, {})
        with speaking_for(f"127.2.{number // 250}.{number % 250 + 1}"):
            tokens = await sign_in(self.backend, self.vault.clock, email, _SECRET)
        await self.door(tokens).rpc("claim_person", code=code)
        return tokens

    async def _add(self, by: Db, name: str, role: str) -> dict[str, Any]:
        added: dict[str, Any] = await by.rpc(
            "add_person", organisation=self.organisation, name=name, role=role, language="en"
        )
        return added


@contextlib.asynccontextmanager
async def _house(settings: Settings, founder: dict[str, str], name: str) -> AsyncIterator[_House]:
    async with open_sign_ins(settings) as sign_ins, open_backend(settings) as backend:
        forward_addresses(settings, backend)
        vault = Vault(backend, Seal(settings.seal_keys), SystemClock())
        db = await sign_ins.signed_in(founder["email"], founder["password"])
        rows = await db.view("organisations", columns="id")
        yield _House(sign_ins, backend, vault, db, rows[0]["id"], name)


async def _few_at_once(work: Iterable[Awaitable[T]]) -> list[T]:
    """All of them, a few at a time: Auth lets only so many wait for its hashing."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(each: Awaitable[T]) -> T:
        async with places:
            return await each

    return await asyncio.gather(*map(one, work))
