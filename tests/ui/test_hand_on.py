"""Who waits longer than agreed is told who answers, and so is who shall answer, live."""

from collections.abc import Awaitable, Callable

from app.contact.jobs import contact_jobs
from app.core.live import LiveHub
from app.core.machine import MachineClient
from app.core.seal import Seal
from app.messages.actions import Messages
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, Joins, MakeAccount
from tests.ui.harness import Visitor


async def test_a_message_that_waits_too_long_is_handed_on_and_an_answer_ends_that(
    key_worker: MakeAccount,
    joins: Joins,
    hub: LiveHub,
    machine: Callable[[str], Awaitable[MachineClient]],
    seal: Seal,
    supabase: Supabase,
) -> None:
    samira = await key_worker("Samira")
    active = (await samira.home()).active
    assert active
    added = await samira.people.add_young_person(active.organisation.id, "Amber", "en")
    amber = await joins(added.code, f"waits-{added.person_id}")
    hers = Messages(amber.db, seal)
    thread = await hers.open(added.person_id)
    await hers.send(thread.thread_id, added.person_id, "Can we move Friday?")
    desk = await Visitor.open(samira.begin(hub), width=1000)
    await desk.until_sees("Hello")
    (job,) = contact_jobs(await machine("jobs"))
    await job.run()
    assert not desk.sees("waits longer than agreed")

    supabase.execute(
        "update private.threads set waiting_since = now() - interval '20 days' where id = %s",
        thread.thread_id,
    )
    await job.run()
    await desk.until_sees("Amber waits longer than agreed for an answer.")
    assert desk.sees("No stand-in is there. Please find somebody who answers.")

    phone = await Visitor.open(Account(samira.who, amber).begin(hub))
    await phone.until_sees("We look for somebody who answers you.")
    await phone.tap("Open the chat")
    await phone.until_sees("Can we move Friday?")

    await Messages(samira.device.db, seal).send(thread.thread_id, thread.thread_id, "Yes, at 3.")
    await desk.until_gone("waits longer than agreed")
