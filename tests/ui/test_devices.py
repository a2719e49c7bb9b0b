"""Where somebody is signed in, signing out there, and when this device locks."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.auth import Devices
from app.core.hints import Fanout
from app.core.http import Backend
from app.core.i18n import Translator
from app.core.live import LiveHub
from app.core.seal import Seal
from app.people.devices_part import last_used
from app.people.lock_part import MINUTES
from tests.fixtures.people import PASSWORD
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, MakeAccount
from tests.ui.harness import Visitor


async def _elsewhere(account: Account, devices: Devices, label: str) -> None:
    await devices.sign_in(account.who.email, PASSWORD, label=label)


@pytest.fixture
def devices(backend: Backend, seal: Seal) -> Devices:
    return Devices(backend, seal)


async def _labels(account: Account) -> list[str]:
    return sorted(each.label for each in await account.people.my_devices())


async def test_one_other_device_is_signed_out_after_a_question(
    account: MakeAccount, devices: Devices, hub: LiveHub
) -> None:
    amina = await account("Amina")
    await _elsewhere(amina, devices, "Chrome on Android")
    visitor = await Visitor.open(amina.begin(hub), route="/me/devices")
    await visitor.until_sees("Chrome on Android")
    assert visitor.sees("Last used today at")
    assert not visitor.sees("Sign out everywhere else")

    await visitor.tap("Sign out there")
    await visitor.until_sees("Sign out Chrome on Android?")
    assert await _labels(amina) == ["Chrome on Android", "Firefox"]
    await visitor.tap("Stay signed in")
    await visitor.until_gone("Sign out Chrome on Android?")
    assert await _labels(amina) == ["Chrome on Android", "Firefox"]

    await visitor.tap("Sign out there")
    await visitor.until_sees("Sign out Chrome on Android?")
    await visitor.answer("Sign out there")
    await visitor.until_gone("Chrome on Android")
    assert await _labels(amina) == ["Firefox"]


async def test_all_other_devices_are_signed_out_at_once(
    account: MakeAccount, devices: Devices, hub: LiveHub
) -> None:
    amina = await account("Amina")
    for label in ("Chrome on Android", "Safari on iPhone"):
        await _elsewhere(amina, devices, label)
    visitor = await Visitor.open(amina.begin(hub), route="/me/devices")
    await visitor.until_sees("Sign out everywhere else")
    await visitor.tap("Sign out everywhere else")
    await visitor.until_sees("Sign out everywhere else?")
    await visitor.answer("Sign out there")

    await visitor.until_gone("Safari on iPhone")
    assert await _labels(amina) == ["Firefox"]


async def test_a_device_that_was_signed_out_meanwhile_is_no_mistake(
    account: MakeAccount, devices: Devices
) -> None:
    amina = await account("Amina")
    await _elsewhere(amina, devices, "Chrome on Android")
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/devices")
    await visitor.until_sees("Chrome on Android")
    await visitor.tap("Sign out there")
    await visitor.until_sees("Sign out Chrome on Android?")
    await amina.people.close_other_devices()

    await visitor.answer("Sign out there")
    await visitor.until_gone("Chrome on Android")
    assert not visitor.sees("That is not here")


async def test_a_device_that_came_in_with_a_code_is_marked(
    account: MakeAccount, supabase: Supabase
) -> None:
    amina = await account("Amina")
    supabase.execute(
        "update private.sign_ins set created_at = full_from - interval '72 hours'"
        " where person_id = %s",
        amina.device.person_id,
    )
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/devices")

    await visitor.until_sees("Came in with a code to get back in")


async def test_signing_out_where_a_code_let_somebody_in_says_that_it_ends_there(
    account: MakeAccount, supabase: Supabase
) -> None:
    amina, ben = await account("Amina"), await account("Ben")
    supabase.execute(
        "update private.sign_ins set person_id = %s, created_at = full_from - interval '72 hours'"
        " where person_id = %s",
        amina.device.person_id,
        ben.device.person_id,
    )
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/devices")
    await visitor.until_sees("Came in with a code to get back in")
    await visitor.tap("Sign out there")

    await visitor.until_sees("Its name and secret stop working. A new code would be needed.")


@pytest.mark.parametrize("minutes", MINUTES)
async def test_the_time_until_the_lock_is_chosen_on_this_device(
    account: MakeAccount, minutes: int
) -> None:
    amina = await account("Amina")
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/lock")
    word = f"After {minutes} minute{'s' if minutes > 1 else ''}"
    await visitor.until_sees(word)
    await visitor.tap(word)

    (this,) = await amina.people.my_devices()
    assert this.lock_minutes == minutes


async def test_a_shared_device_says_why_there_is_no_choice(
    account: MakeAccount, supabase: Supabase
) -> None:
    amina = await account("Amina")
    supabase.execute(
        "update private.devices set shared = true, lock_minutes = 1 where cookie_hash = %s",
        amina.device.cookie_hash,
    )
    visitor = await Visitor.open(amina.begin(Fanout()), route="/me/lock")

    await visitor.until_sees("This is a shared device. It locks after 1 minute.")
    assert not visitor.sees("minutes")


def test_the_last_two_days_are_said_in_words() -> None:
    t, now = Translator("en", "Europe/Berlin"), datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    def said(**ago: int) -> str:
        words = last_used(t, now - timedelta(**ago), now)
        return words.replace("\u2068", "").replace("\u2069", "")

    assert said(minutes=20) == "Last used today at 00:10"
    assert said(hours=2) == "Last used yesterday at 22:30"
    assert said(days=3) == "Last used Fri 20.11.2026"
