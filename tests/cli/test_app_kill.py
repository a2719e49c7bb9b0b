"""kill -9 of the app while people join: nobody is half in, and the audit knows everybody."""

import asyncio
import contextlib
import functools
import random
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

import httpx
import pytest

from app.cli.web import serve as serve_app
from app.config import Account, Settings
from app.core.auth import Devices
from app.core.enrol import Enrolment
from app.core.http import Backend
from app.core.ids import hash_cookie
from app.core.machine import MachineClient
from app.core.seal import Seal
from app.people.actions import People
from app.shell.cookies import device_cookie
from tests.fixtures.forks import forks
from tests.fixtures.people import PASSWORD, Inviter, MakeInviter
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.run import free_ports
from tests.fixtures.supabase import Supabase
from tests.local.serving import until

KILLS = 20
AT_ONCE = 3
TOKEN = re.compile(r'name="token" value="([^"]*)"')
SECRET = "four quiet blue boats"
# Of each young person: sign-ins, used codes, claims in the audit, changes in the audit, changes.
STATES = """
select p.id::text,
  (select count(*) from private.sign_ins as s where s.person_id = p.id),
  (select count(*) from private.codes as c where c.person_id = p.id and c.used_at is not null),
  (select count(*) from private.audit as a
    where a.subject_id = p.id and a.action = 'person_claimed'),
  (select count(*) from private.audit as a
    where a.subject_id = p.id and a.action = 'person_updated'),
  p.version - 1
from public.people as p join public.memberships as m on m.person_id = p.id
where m.organisation_id = %s and m.role = 'young_person'
"""


@dataclass
class Newcomer:
    """Somebody with a code. A form whose answer got lost is sent again, as it was."""

    person: str
    code: str
    origin: str
    form: dict[str, str] = field(default_factory=dict)
    jar: httpx.Cookies = field(default_factory=httpx.Cookies)
    cookie: str = ""

    async def join(self) -> None:
        async with httpx.AsyncClient(
            verify=PLAIN,
            base_url=self.origin,
            headers={"origin": self.origin},
            cookies=self.jar,
            timeout=20,
        ) as http:
            if not self.form:
                token = TOKEN.search((await http.get(f"/join/{self.code}")).text)
                assert token
                typed = {"name": f"Kim {self.code[:4]}", "way": "passphrase", "passphrase": SECRET}
                self.form = {"code": self.code, "token": token[1], "lang": "en", **typed}
                self.jar = http.cookies
            answer = await http.post("/join", data=self.form)
            assert answer.status_code == 200, answer.text
            self.cookie = http.cookies[device_cookie(self.origin).name]


@dataclass
class Crowd:
    """All who try to get in, a few at a time."""

    place: Inviter
    origin: str
    everybody: list[Newcomer] = field(default_factory=list)

    @property
    def joined(self) -> int:
        return sum(bool(each.cookie) for each in self.everybody)

    def waiting(self) -> list[Newcomer]:
        return [each for each in self.everybody if not each.cookie]

    async def come(self, first: Newcomer | None) -> None:
        """One after the other, until the app is gone."""
        if first:
            await first.join()
        while True:
            added = await self.place.add("Amber")
            self.everybody.append(Newcomer(added["person_id"], added["code"], self.origin))
            await self.everybody[-1].join()


def serve(env: Mapping[str, str], ready: Connection) -> None:
    """What the process does that is killed: the app as `python -m app serve` has it."""
    asyncio.run(serve_app(Settings.read(env), ready=lambda _: ready.send(True)))


@contextlib.asynccontextmanager
async def app_running(env: Mapping[str, str]) -> AsyncIterator[ForkServerProcess]:
    context = forks()
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(env, theirs), daemon=True)
    await asyncio.to_thread(process.start)
    theirs.close()
    try:
        assert await asyncio.to_thread(ours.recv)
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        ours.close()


async def come_until_killed(crowd: Crowd, env: Mapping[str, str]) -> None:
    async with app_running(env) as process:
        again: list[Newcomer | None] = [*crowd.waiting(), *[None] * AT_ONCE]
        coming = [asyncio.create_task(crowd.come(first)) for first in again[:AT_ONCE]]
        enough = crowd.joined + random.randint(0, 2)
        await until(functools.partial(has_come, crowd, coming, enough), 60)
        await asyncio.sleep(random.uniform(0, 0.1))
        process.kill()
        for each in coming:
            with contextlib.suppress(httpx.HTTPError):
                await each


def has_come(crowd: Crowd, coming: list[asyncio.Task[None]], enough: int) -> bool:
    return crowd.joined >= enough or any(each.done() for each in coming)


def states(supabase: Supabase, place: Inviter) -> dict[str, tuple[int, ...]]:
    rows = supabase.execute(STATES, place.organisation, user="supabase_admin")
    return {row[0]: tuple(row[1:]) for row in rows}


def users(supabase: Supabase) -> int:
    return int(supabase.execute("select count(*) from auth.users", user="supabase_admin")[0][0])


async def live_machine(backend: Backend, enrolment: Enrolment) -> str:
    """A machine account as the settings name it."""
    account = Account(f"{secrets.token_hex(8)}@example.org", PASSWORD)
    await enrolment.create_user(account.email, account.password, {"machine": "live"})
    client = MachineClient(backend, account)
    await client.db.rpc("enlist_machine")
    await client.close()
    return f"{account.email}:{account.password}"


@pytest.mark.destructive
async def test_nobody_is_half_in_when_the_app_is_killed(
    supabase: Supabase, enrolment: Enrolment, backend: Backend, seal: Seal, inviter: MakeInviter
) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    random.seed(seed)
    (port,) = free_ports(1)
    env = {
        "SUPABASE_URL": supabase.url,
        "SUPABASE_ANON_KEY": supabase.anon_key,
        "SUPABASE_SECRET_KEY": supabase.secret_key,
        "HANDRAIL_SEAL_KEYS": "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "HANDRAIL_MACHINE_LIVE": await live_machine(backend, enrolment),
        "HANDRAIL_PORT": str(port),
        "HANDRAIL_LOG": "error",
        "HANDRAIL_SQUEEZE": "quick",
    }
    place = await inviter("Amina")
    crowd, before = Crowd(place, f"http://127.0.0.1:{port}"), users(supabase)
    cut_short = 0
    for _ in range(KILLS):
        await come_until_killed(crowd, env)
        cut_short += bool(crowd.waiting())
        for person, (sign_ins, used, claims, told, changes) in states(supabase, place).items():
            assert sign_ins == used == claims <= 1, person
            assert told == changes, person
    async with app_running(env):
        for late in crowd.waiting():
            await late.join()

    print(f"{len(crowd.everybody)} joined, {cut_short} kills in the middle of it")
    assert len(crowd.everybody) > KILLS
    assert cut_short > KILLS / 2
    assert {person: state[:3] for person, state in states(supabase, place).items()} == {
        each.person: (1, 1, 1) for each in crowd.everybody
    }
    assert users(supabase) == before + len(crowd.everybody)
    devices = Devices(backend, seal)
    for each in crowd.everybody:
        device = await devices.open(each.cookie)
        home = await People(device.db, hash_cookie(each.cookie)).home()
        assert home.person.name == each.form["name"]
