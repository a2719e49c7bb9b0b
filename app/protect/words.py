"""How an opening is spoken of."""

from datetime import datetime

from app.core.i18n import Translator
from app.protect.model import Opening, OpeningState


def state_words(t: Translator, opening: Opening, now: datetime) -> str:
    """How far it has come, in one line."""
    match opening.state:
        case OpeningState.ASKED if opening.may_agree:
            return t("{name} asks you to agree.", name=opening.asked_by)
        case OpeningState.ASKED:
            return t("Waiting for {name} to agree.", name=opening.asked_of)
        case OpeningState.RUNNING:
            minutes = opening.minutes_left(now)
            return t.n("Open for {n} more minute.", "Open for {n} more minutes.", minutes)
        case OpeningState.ENDED:
            return t("Closed again.")
        case OpeningState.REFUSED:
            return t("{name} did not agree.", name=opening.asked_of)
        case OpeningState.TAKEN_BACK:
            return t("Taken back.")
        case OpeningState.LAPSED:
            return t("Nobody agreed within a day.")


def told_words(t: Translator, opening: Opening) -> str:
    """Whether the young person knows, or when they will."""
    if opening.told_at:
        return t(
            "{name} was told on {date} at {time}.",
            name=opening.name,
            date=t.date(opening.told_at),
            time=t.time(opening.told_at),
        )
    if opening.state not in (OpeningState.ASKED, OpeningState.RUNNING, OpeningState.ENDED):
        return t("Nothing was opened, so {name} is not told.", name=opening.name)
    if opening.delay_hours:
        return t.n(
            "{name} is told {n} hour after it opens.",
            "{name} is told {n} hours after it opens.",
            opening.delay_hours,
            name=opening.name,
        )
    return t("{name} is told at once when it opens.", name=opening.name)
