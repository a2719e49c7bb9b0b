"""Hints of the real database arrive through the real Realtime protocol, also on bad days."""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from app.config import Account
from app.core.auth import Device, Devices
from app.core.enrol import Enrolment
from app.core.hints import REFRESH, Hint
from app.core.http import Backend, open_http
from app.core.live import LiveHub
from app.core.machine import MachineClient
from app.core.seal import Seal
from app.local.config import load_config
from tests.core.conftest import PASSWORD, Coordinator
from tests.core.proxy import Wire, wire_to
from tests.fixtures.postgres import SUPABASE, Server
from tests.fixtures.supabase import Supabase

Make = Callable[[str], Awaitable[Coordinator]]
MakeMachine = Callable[[str], Awaitable[MachineClient]]
KINDS = frozenset({"person", "organisation", "made_up"})


@contextlib.asynccontextmanager
async def listening(machine: MachineClient, **options: Any) -> AsyncIterator[LiveHub]:
    hub = LiveHub(machine, **options)
    await hub.start()
    try:
        yield hub
    finally:
        await hub.stop()


async def until(condition: Callable[[], object], seconds: float = 10) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < end
        await asyncio.sleep(0.01)


@pytest.fixture
async def amina(backend: Backend, seal: Seal, coordinator: Make) -> Device:
    someone = await coordinator("Amina")
    return (await Devices(backend, seal).sign_in(someone.email, PASSWORD, label="Firefox"))[1]


@pytest.fixture
async def ben(backend: Backend, seal: Seal, coordinator: Make) -> Device:
    someone = await coordinator("Ben")
    return (await Devices(backend, seal).sign_in(someone.email, PASSWORD, label="Firefox"))[1]


async def rename(device: Device, name: str) -> None:
    (row,) = await device.db.view("people", where={"id": device.person_id})
    await device.db.rpc(
        "update_me",
        name=name,
        language=row["language"],
        time_zone=row["time_zone"],
        version=row["version"],
    )


async def test_a_change_wakes_the_person_it_concerns_and_nobody_else(
    machine: MakeMachine, amina: Device, ben: Device
) -> None:
    async with listening(await machine("live")) as hub:
        await until(lambda: hub.joined)
        hers, his = list[Hint](), list[Hint]()
        everything = list[Hint]()
        hub.listen(amina.person_id, KINDS, hers.append)
        hub.listen(ben.person_id, KINDS, his.append)
        hub.listen_all(everything.append)
        await rename(amina, "Amina B")
        await until(lambda: hers)
        assert hers == [Hint("person", amina.person_id, amina.person_id)]
        assert everything == hers
        assert his == []
        assert hub.heard_at is not None


async def test_a_beat_is_heard_and_wakes_nobody(machine: MakeMachine) -> None:
    jobs = await machine("jobs")
    async with listening(await machine("live")) as hub:
        await until(lambda: hub.joined)
        heard = list[Hint]()
        hub.listen_all(heard.append)
        assert hub.heard_at is None
        for _ in range(16):
            hub.heard_at = None
            await jobs.db.rpc("machine_beat")
            await until(lambda: hub.heard_at)
        assert heard == []


async def test_a_lost_hint_is_told_by_the_next_poll_and_a_heard_one_is_not_told_twice(
    machine: MakeMachine, amina: Device, supabase: Supabase
) -> None:
    async with listening(await machine("live"), poll_seconds=0.3) as hub:
        await until(lambda: hub.joined)
        await asyncio.sleep(0.4)
        heard = list[Hint]()
        hub.listen(amina.person_id, KINDS, heard.append)
        await rename(amina, "Amina C")
        # What Realtime lost: logged by the database, never sent.
        supabase.execute(
            "insert into private.hints (kind, people) values ('made_up', %s)", [amina.person_id]
        )
        await until(lambda: len(heard) == 2)
        await asyncio.sleep(1.5)
        assert sorted(hint.kind for hint in heard) == ["made_up", "person"]


async def test_a_hint_to_many_reaches_those_whose_message_was_lost(
    machine: MakeMachine, supabase: Supabase
) -> None:
    people = [UUID(int=number) for number in range(1, 251)]
    async with listening(await machine("live"), poll_seconds=1) as hub:
        await until(lambda: hub.joined)
        heard = list[UUID | None]()
        for person in people:
            hub.listen(person, KINDS, lambda hint: heard.append(hint.person_id))
        await asyncio.sleep(3)
        heard.clear()
        ((number,),) = supabase.execute(
            "insert into private.hints (kind, people) values ('made_up', %s) returning id", people
        )
        supabase.execute(
            "select realtime.send(jsonb_build_object('id', %s::bigint, 'kind', 'made_up',"
            " 'ref', null, 'to', %s::uuid[]), 'hint', 'hints:3', true)",
            number,
            people[:100],
        )
        await until(lambda: len(heard) >= 250)
        await asyncio.sleep(1.5)
        assert sorted(heard, key=str) == sorted(people, key=str)


async def test_a_hint_to_very_many_wakes_each_of_them_once(
    machine: MakeMachine, supabase: Supabase
) -> None:
    people = [UUID(int=number) for number in range(1, 251)]
    async with listening(await machine("live"), poll_seconds=0.3) as hub:
        await until(lambda: hub.joined)
        await asyncio.sleep(0.4)
        heard = list[UUID | None]()
        for person in people:
            hub.listen(person, KINDS, lambda hint: heard.append(hint.person_id))
        supabase.execute("select private.hint('made_up', null, %s)", people)
        await until(lambda: len(heard) >= 250)
        await asyncio.sleep(1)
        assert sorted(heard, key=str) == sorted(people, key=str)


async def test_garbage_on_a_channel_is_ignored(
    machine: MakeMachine, amina: Device, supabase: Supabase
) -> None:
    async with listening(await machine("live")) as hub:
        await until(lambda: hub.joined)
        heard = list[Hint]()
        hub.listen(amina.person_id, KINDS, heard.append)
        for payload in ("{}", '{"kind": 5}', '{"kind": "made_up", "to": ["x"]}', '{"to": {}}'):
            supabase.execute(f"select realtime.send('{payload}', 'hint', 'hints:1', true)")
        supabase.execute("select realtime.send('{}', 'another_event', 'hints:1', true)")
        await rename(amina, "Amina D")
        await until(lambda: heard)
        assert [hint.kind for hint in heard] == ["person"]
        assert hub.joined


async def test_stopping_in_the_middle_of_joining_leaves_nothing_behind(
    machine: MakeMachine,
) -> None:
    live = await machine("live")
    await live.tokens()
    before = asyncio.all_tasks()
    for milliseconds in range(0, 60, 5):
        async with listening(live):
            await asyncio.sleep(milliseconds / 1000)
    await asyncio.sleep(0.1)
    assert asyncio.all_tasks() - before == set()


@contextlib.asynccontextmanager
async def over_a_wire(
    supabase: Supabase, account: Account
) -> AsyncIterator[tuple[Wire, MachineClient]]:
    async with wire_to(urlsplit(supabase.url).port or 0) as wire:
        url = f"http://127.0.0.1:{wire.port}"
        async with open_http(url) as connections:
            yield wire, MachineClient(Backend(url, supabase.anon_key, connections), account)


# The client reads a property that websockets has deprecated; in production that is no error.
@pytest.mark.filterwarnings("ignore:ConnectionClosed.code is deprecated")
async def test_after_a_broken_connection_everybody_refreshes_and_hears_again(
    machine: MakeMachine, supabase: Supabase, amina: Device
) -> None:
    account = (await machine("live"))._account
    async with over_a_wire(supabase, account) as (wire, live), listening(live) as hub:
        await until(lambda: hub.joined)
        await asyncio.sleep(0.4)
        heard = list[Hint]()
        hub.listen(amina.person_id, KINDS, heard.append)
        wire.mended = False
        wire.cut()
        await until(lambda: not hub.joined)
        await rename(amina, "Amina E")
        await asyncio.sleep(0.5)
        assert heard == []
        wire.mended = True
        await until(lambda: heard)
        assert heard == [Hint(REFRESH, None, amina.person_id)]
        heard.clear()
        await rename(amina, "Amina F")
        await until(lambda: heard)
        assert [hint.kind for hint in heard] == ["person"]


async def test_a_client_that_went_deaf_without_a_word_is_replaced(
    machine: MakeMachine, supabase: Supabase
) -> None:
    # Here the deprecation is an error, and it ends the client's listening task; see above.
    account = (await machine("live"))._account
    async with over_a_wire(supabase, account) as (wire, live), listening(live) as hub:
        await until(lambda: hub.joined)
        heard = list[Hint]()
        hub.listen_all(heard.append)
        wire.cut()
        await until(lambda: heard)
        assert [hint.kind for hint in heard] == [REFRESH]


async def test_a_hub_that_starts_before_its_backend_joins_when_it_comes(
    machine: MakeMachine, supabase: Supabase
) -> None:
    account = (await machine("live"))._account
    async with over_a_wire(supabase, account) as (wire, live):
        wire.mended = False
        async with listening(live) as hub:
            await asyncio.sleep(0.3)
            assert not hub.joined
            wire.mended = True
            await until(lambda: hub.joined)


async def test_an_account_that_is_not_the_live_machine_never_joins(machine: MakeMachine) -> None:
    async with listening(await machine("jobs")) as hub:
        await asyncio.sleep(1.5)
        assert not hub.joined


async def test_after_stop_nothing_runs_any_more(machine: MakeMachine, amina: Device) -> None:
    live = await machine("live")
    before = asyncio.all_tasks()
    async with listening(live) as hub:
        await until(lambda: hub.joined)
        heard = list[Hint]()
        hub.listen(amina.person_id, KINDS, heard.append)
    await rename(amina, "Amina G")
    await asyncio.sleep(0.3)
    assert heard == []
    assert asyncio.all_tasks() - before == set()


async def test_hints_go_on_when_the_token_was_renewed(
    postgres18: Server, tmp_path: Path, settings: Any
) -> None:
    config = dataclasses.replace(load_config(SUPABASE), jwt_expiry=4)
    project = Supabase(postgres18.new_database(migrated=True), config, tmp_path)
    project.start()
    try:
        async with open_http(project.url) as connections:
            named = dataclasses.replace(
                settings, supabase_url=project.url, supabase_secret_key=project.secret_key
            )
            account = Account("live@example.org", PASSWORD)
            await Enrolment(named, connections).create_user(*account, {"machine": "live"})
            live = MachineClient(Backend(project.url, project.anon_key, connections), account)
            await live.db.rpc("enlist_machine")
            someone = UUID(int=7)
            async with listening(live) as hub:
                await until(lambda: hub.joined)
                first = await live.tokens()
                await asyncio.sleep(0.4)
                heard = list[Hint]()
                hub.listen(someone, KINDS, heard.append)
                await asyncio.sleep(6)
                assert (await live.tokens()).access != first.access
                project.execute("select private.hint('made_up', null, array[%s])", someone)
                await until(lambda: heard, 2)
                assert heard == [Hint("made_up", None, someone)]
    finally:
        project.stop()
