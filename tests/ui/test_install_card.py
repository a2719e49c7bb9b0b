"""The card about the home screen: once, on a phone, to whoever came back."""

import pytest

from app.core.clock import utc_now
from app.core.hints import Fanout
from tests.ui.conftest import MakeAccount
from tests.ui.harness import Visitor

TITLE = "Handrail on your home screen"
KEPT = "handrail.install"
ANDROID = {"platform": "android"}


async def test_a_phone_tells_nobody_on_the_first_day_and_once_later(
    young_person: MakeAccount,
) -> None:
    amber = await young_person("Amber")
    memory: dict[str, object] = {}
    first = await Visitor.open(amber.begin(Fanout()), memory=memory, device=ANDROID)
    await first.until_sees("My key worker")
    await first.until(lambda: KEPT in memory, "the day to be kept")
    assert memory[KEPT] == utc_now().date().isoformat()
    assert not first.sees(TITLE)

    memory[KEPT] = "2026-01-01"
    later = await Visitor.open(amber.begin(Fanout()), memory=memory, device={"platform": "ios"})
    await later.until_sees(TITLE)
    await later.tap("Not now")
    await later.until_gone(TITLE)
    await later.until(lambda: memory[KEPT] == "read", "the answer to be kept")

    again = await Visitor.open(amber.begin(Fanout()), memory=memory, device=ANDROID)
    await again.until_sees("My key worker")
    assert not any(TITLE.encode() in frame for frame in again.heard)


@pytest.mark.parametrize(
    "device", [{"platform": "android", "pwa": True}, {"platform": "windows"}, {}]
)
async def test_what_is_installed_or_no_phone_is_never_told(
    young_person: MakeAccount, device: dict[str, object]
) -> None:
    amber = await young_person("Amber")
    memory: dict[str, object] = {KEPT: "2026-01-01"}
    visitor = await Visitor.open(amber.begin(Fanout()), memory=memory, device=device)
    await visitor.until_sees("My key worker")
    assert not visitor.sees(TITLE)
