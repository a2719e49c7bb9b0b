"""How an alert is spoken of."""

from datetime import datetime

from app.core.i18n import Translator, in_own_direction
from app.protect.alert_model import AlertRow, AlertState, Followed, Outcome, Reach, UnsafePage


def there_words(t: Translator, there: tuple[str, ...], next_at: datetime | None) -> str:
    """Who is there now, or from when on somebody is."""
    if there:
        return t("There now: {people}.", people=t.listed(there))
    if next_at is None:
        return t("Nobody has duty.")
    return t("Nobody is there until {date}, {time}.", date=t.date(next_at), time=t.time(next_at))


def then_words(t: Translator, page: UnsafePage) -> str:
    """What happens when nobody answers."""
    return t.n(
        "No answer in {n} minute? The next person is told.",
        "No answer in {n} minutes? The next person is told.",
        page.minutes,
    )


def reach_words(t: Translator, reach: Reach) -> str:
    """What the young person chooses from."""
    match reach:
        case Reach.CALL:
            return t("Call me")
        case Reach.WRITE:
            return t("Write to me here")
        case Reach.NO:
            return t("Do not contact me. I come to you.")


def wished_words(t: Translator, reach: Reach) -> str:
    """The same as an order to staff."""
    match reach:
        case Reach.CALL:
            return t("Call them.")
        case Reach.WRITE:
            return t("Write to them here. Do not call.")
        case Reach.NO:
            return t("Do not contact them. They come to you.")


def row_words(t: Translator, alert: AlertRow) -> str:
    """How far it has come and when it was sent, in one line."""
    sent = t("Sent {date}, {time}.", date=t.date(alert.at), time=t.time(alert.at))
    return f"{state_words(t, alert.state, alert.taken_by)} {sent}"


def state_words(t: Translator, state: AlertState, by: str | None) -> str:
    """How far it has come; `by` is who took it."""
    match state:
        case AlertState.WAITING:
            return t("Nobody has taken it yet.")
        case AlertState.FALLBACK:
            return t("All were told. Nobody has taken it.")
        case AlertState.TAKEN:
            return t("{name} has taken it.", name=by)
        case AlertState.REACHED:
            return t("{name} has reached them.", name=by)
        case AlertState.CLOSED:
            return t("Closed.")
        case AlertState.TAKEN_BACK:
            return t("It was a mistake. They took it back.")


def followed_words(t: Translator, followed: Followed) -> str:
    """What became of it, as the young person reads it."""
    match followed.state:
        case AlertState.WAITING:
            return t("We have told somebody. Nobody has answered yet.")
        case AlertState.FALLBACK:
            nobody = t("Everybody was told. Nobody has answered yet.")
            return in_own_direction(followed.fallback) if followed.fallback else nobody
        case AlertState.TAKEN if followed.reach is Reach.NO:
            return t("{name} knows. You can come.", name=followed.taken_by)
        case AlertState.TAKEN:
            return t("{name} has read it and comes back to you.", name=followed.taken_by)
        case AlertState.REACHED | AlertState.CLOSED:
            return t("{name} took care of it.", name=followed.taken_by)
        case AlertState.TAKEN_BACK:
            return t("You took it back.")


def outcome_words(t: Translator, outcome: Outcome) -> str:
    """The word it is closed with."""
    match outcome:
        case Outcome.SAFE_NOW:
            return t("They are safe now")
        case Outcome.HELP_CAME:
            return t("Police, a doctor or others helped")
        case Outcome.PASSED_ON:
            return t("Somebody else takes care of it")
        case Outcome.NOT_REACHED:
            return t("We could not reach them")


def step_words(t: Translator, step: str) -> str:
    """Why somebody was told."""
    match step:
        case "duty":
            return t("had duty")
        case "next":
            return t("next on the rota")
        case _:
            return t("nobody had taken it")
