"""Hints of the real database arrive through the real Realtime protocol."""

import asyncio
from uuid import UUID

from app.core.auth import Device
from app.core.hints import Hint
from tests.core.hearing import KINDS, MakeMachine, listening, rename, until
from tests.fixtures.supabase import Supabase


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
        assert hub.heard_at is not None  # joining shows that the way is open
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
    async with listening(await machine("live"), poll_seconds=0.5) as hub:
        await until(lambda: hub.joined)
        heard = list[UUID | None]()
        for person in people:
            hub.listen(person, KINDS, lambda hint: heard.append(hint.person_id))
        await asyncio.sleep(0.4)
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
