"""Live hints when connections break, tokens expire and backends come late."""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from app.config import Account, Settings
from app.core.auth import Device
from app.core.enrol import Enrolment
from app.core.hints import REFRESH, Hint
from app.core.http import Backend, open_http
from app.core.machine import MachineClient
from app.local.config import load_config
from tests.core.hearing import KINDS, MakeMachine, listening, rename, until
from tests.core.proxy import Wire, wire_to
from tests.fixtures.people import PASSWORD
from tests.fixtures.postgres import Server
from tests.fixtures.prepared import SUPABASE
from tests.fixtures.supabase import Supabase


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


async def test_hints_go_on_when_the_token_was_renewed(
    postgres18: Server, tmp_path: Path, settings: Settings
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
