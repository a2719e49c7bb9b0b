"""Who runs a place notes the days on which nobody works there."""

from datetime import timedelta

from app.core.clock import utc_now
from app.core.live import LiveHub
from app.people.closed import ClosedDays
from tests.ui.conftest import MakeAccount
from tests.ui.harness import Visitor


async def test_days_are_typed_listed_and_opened_again(account: MakeAccount, hub: LiveHub) -> None:
    miriam = await account("Miriam")
    active = (await miriam.home()).active
    assert active
    days = ClosedDays(miriam.device.db, active.organisation.id)
    visitor = await Visitor.open(miriam.begin(hub), route="/me/closed")
    await visitor.until_sees("No closed days are noted.")
    await visitor.type("Day, or first and last day", "soon")
    await visitor.tap("Add")
    await visitor.until_sees("Please write days to come, like 24.12.2026.")

    first = utc_now().date() + timedelta(days=9)
    last = first + timedelta(days=2)
    await visitor.type("Day, or first and last day", f"{first:%d.%m.%Y}–{last:%d.%m.%Y}")
    await visitor.tap("Add")
    await visitor.until_gone("No closed days are noted.")
    assert await days.coming() == (first, first + timedelta(days=1), last)

    (button,) = [text for text in visitor.texts if text.startswith("Open again")]
    await visitor.tap(button.replace("\u2068", "").replace("\u2069", ""))
    await visitor.until_sees("No closed days are noted.")
    assert await days.coming() == ()
