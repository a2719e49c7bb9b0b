"""The rota of this week, what is done when nobody answers, and one alert that is over."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from app.core.db import Db
from app.core.seal import Seal
from app.protect.alert_model import Outcome, Reach, Wish
from app.protect.alerts import Alerts, Unsafe
from app.protect.rota import AlertRules, Rota

RUTH, MIRIAM = "ruth@hafenlicht.example", "miriam@hafenlicht.example"
SAMIRA, JONAS = "samira@hafenlicht.example", "jonas@hafenlicht.example"
# Who has duty for twelve hours each, one after the other from now on; and beside them by day.
WATCHES: Final = (
    RUTH, MIRIAM, SAMIRA, MIRIAM, RUTH, SAMIRA, RUTH, MIRIAM, JONAS, RUTH, SAMIRA, MIRIAM, JONAS,
    RUTH,
)  # fmt: skip
BESIDE: Final = (SAMIRA, RUTH, SAMIRA, SAMIRA, MIRIAM)
FALLBACK: Final = "Then the night desk of Nordhafen calls you: 040 66969 112."
WORDS: Final = "Somebody waits for me outside the school. I am in the library."
_HOURS: Final = 12


async def keep_watch(
    organisation: UUID, own: Mapping[str, Db], ids: Mapping[str, str], founder: Db, seal: Seal
) -> None:
    """Everybody does their part with their own sign-in; `own` and `ids` are by login."""
    rota = Rota(founder)
    site = (await rota.page(organisation)).sites[-1].id
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for number, login in enumerate(WATCHES):
        await _plan(rota, site, ids[login], now + timedelta(hours=_HOURS * number))
    for day, login in enumerate(BESIDE):
        await _plan(rota, site, ids[login], now + timedelta(days=day))
    await rota.set_rules(organisation, AlertRules(10, FALLBACK))
    await _alert(organisation, own, seal)


async def _plan(rota: Rota, site: UUID, person: str, starts: datetime) -> None:
    await rota.plan(site, UUID(person), starts, starts + timedelta(hours=_HOURS))


async def _alert(organisation: UUID, own: Mapping[str, Db], seal: Seal) -> None:
    unsafe, alert = Unsafe(own["steady-lark-35"], seal), uuid4()
    page = await unsafe.page(organisation)
    await unsafe.send(organisation, alert, page, Wish(False, None, Reach.CALL, WORDS))
    answers = Alerts(own[RUTH], seal)
    await answers.take(alert)
    await answers.reached(alert)
    await answers.close(alert, Outcome.SAFE_NOW)
