"""Sign-ins are made with the secret key, and that key reaches Auth alone."""

import dataclasses
from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.config import Settings
from app.core.auth import Devices
from app.core.enrol import Enrolment
from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.http import Backend
from app.core.jobs import core_jobs
from app.core.logs import fingerprint
from app.core.machine import MachineClient
from app.core.seal import Seal
from tests.fixtures.people import PASSWORD, Coordinator
from tests.fixtures.supabase import Supabase


async def test_an_address_has_one_sign_in(enrolment: Enrolment) -> None:
    await enrolment.create_user("once@example.org", PASSWORD)
    with pytest.raises(Conflict, match="already_there"):
        await enrolment.create_user("ONCE@example.org", PASSWORD)


@pytest.mark.parametrize("password", ["x" * 73, "a\x00b"])
async def test_an_unusable_password_is_invalid(enrolment: Enrolment, password: str) -> None:
    with pytest.raises(Invalid):
        await enrolment.create_user("unusable@example.org", password)


async def test_without_the_secret_key_nothing_can_be_made(
    settings: Settings, http: httpx.AsyncClient
) -> None:
    with pytest.raises(NotAllowed, match="secret_key_missing"):
        Enrolment(dataclasses.replace(settings, supabase_secret_key=None), http)


async def test_the_public_key_makes_nobody(settings: Settings, http: httpx.AsyncClient) -> None:
    public = dataclasses.replace(settings, supabase_secret_key=settings.supabase_anon_key)
    with pytest.raises(NotAllowed):
        await Enrolment(public, http).create_user("nobody@example.org", PASSWORD)


async def test_of_the_client_only_auth_is_kept(enrolment: Enrolment) -> None:
    (kept,) = vars(enrolment).values()
    assert type(kept).__name__ == "AsyncGoTrueAdminAPI"


async def test_a_person_cannot_write_what_only_the_secret_key_may(
    backend: Backend, seal: Seal, coordinator: Callable[[str], Awaitable[Coordinator]]
) -> None:
    amina = await coordinator("Amina")
    _, device = await Devices(backend, seal).sign_in(amina.email, PASSWORD, label="Firefox")
    with pytest.raises(NotAllowed):
        await device.db.rpc("enlist_machine")


async def test_the_jobs_of_the_core_run_against_the_real_database(
    machine: Callable[[str], Awaitable[MachineClient]], supabase: Supabase, seal: Seal
) -> None:
    jobs = await machine("jobs")
    for job in core_jobs(jobs, seal):
        await job.run()
    mark = fingerprint(ValueError("Amina Yılmaz"))
    await jobs.report(mark)
    await jobs.report(mark)
    ((count, row),) = supabase.execute(
        "select count, e::text from private.errors as e where fingerprint = %s", mark.id
    )
    assert count == 2
    assert "Amina" not in row
