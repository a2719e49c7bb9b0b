"""The lock of one's own device, through the verbs, against the real local Supabase."""

import pytest

from app.core.errors import Invalid
from app.people.actions import People
from app.people.locking import Locking
from tests.fixtures.people import MakeInviter


async def test_the_list_of_devices_tells_the_time_that_was_set(inviter: MakeInviter) -> None:
    device = (await inviter("Amina")).device
    locking, people = Locking(device.db, device.cookie_hash), People(device.db, device.cookie_hash)

    assert await locking.set_lock(30) == 30

    (listed,) = await people.my_devices()
    assert (listed.this, listed.shared, listed.lock_minutes) == (True, False, 30)


@pytest.mark.parametrize("minutes", [0, 31, -5])
async def test_a_time_out_of_bounds_is_refused_and_changes_nothing(
    inviter: MakeInviter, minutes: int
) -> None:
    device = (await inviter("Amina")).device

    with pytest.raises(Invalid, match="minutes_not_valid"):
        await Locking(device.db, device.cookie_hash).set_lock(minutes)

    (listed,) = await People(device.db, device.cookie_hash).my_devices()
    assert listed.lock_minutes == 5
