"""How people stay in touch, in words."""

from datetime import datetime

from app.contact.model import (
    Agreement,
    Change,
    InTouch,
    Logged,
    LoggedKind,
    Place,
    Quiet,
    Way,
    days_since,
)
from app.core.i18n import Translator

# How many names of fields there are below.
_FIELDS = 5


def way_words(t: Translator, way: Way) -> str:
    """One way to reach each other."""
    return {
        Way.CHAT: t("Chat here"),
        Way.CALL: t("Phone call"),
        Way.VIDEO: t("Video call"),
        Way.VISIT: t("Visit at home"),
        Way.MEETING: t("Meeting"),
    }[way]


def place_words(t: Translator, place: Place) -> str:
    """One place to meet."""
    return {
        Place.OFFICE: t("At the office"),
        Place.HOME: t("At home"),
        Place.OUTSIDE: t("Outside, on a walk"),
        Place.CAFE: t("In a café"),
        Place.SCHOOL: t("At school or work"),
        Place.ONLINE: t("Online"),
    }[place]


def rhythm_words(t: Translator, days: int) -> str:
    """How often there is a contact."""
    return t.n("Every day", "Every {n} days", days)


def answer_words(t: Translator, days: int) -> str:
    """How soon a message is answered."""
    return t.n("Within one working day", "Within {n} working days", days)


def answer_line(t: Translator, days: int) -> str:
    """The same as a sentence of its own."""
    return t.n("An answer within one working day", "An answer within {n} working days", days)


def quiet_words(t: Translator, quiet: Quiet | None) -> str:
    """When nobody calls or writes."""
    if quiet is None:
        return t("No quiet hours")
    return t("Quiet from {start} to {end}", start=quiet.start, end=quiet.end)


def ways_line(t: Translator, agreement: Agreement) -> str:
    """All the ways, in the order in which they are asked."""
    return " · ".join(way_words(t, each) for each in Way if each in agreement.ways)


def places_line(t: Translator, agreement: Agreement) -> str:
    """All the places, in the order in which they are asked; empty where none was chosen."""
    return " · ".join(place_words(t, each) for each in Place if each in agreement.places)


def clock_words(t: Translator, time_zone: str) -> str | None:
    """By which clock hours count, for a reader who lives by another one."""
    if time_zone == t.time_zone:
        return None
    return t("By the clock of {town}", town=time_zone.rpartition("/")[2].replace("_", " "))


def kind_words(t: Translator, kind: LoggedKind) -> str:
    """What somebody did to be in touch."""
    return {
        LoggedKind.CALL: t("Phone call"),
        LoggedKind.VISIT: t("Visit"),
        LoggedKind.MEETING: t("Meeting"),
        LoggedKind.OTHER: t("Other contact"),
    }[kind]


def logged_words(t: Translator, logged: Logged) -> str:
    """What was done, by whom and when; a try is never a reproach."""
    what, day = kind_words(t, logged.kind), f"{t.date(logged.at)}, {t.time(logged.at)}"
    if logged.met:
        return t("{what} with {name}, {date}", what=what, name=logged.name, date=day)
    return t("{name} tried: {what}, {date}", name=logged.name, what=what, date=day)


def last_words(t: Translator, touch: InTouch, now: datetime) -> str:
    """How long ago the last contact was, for staff."""
    if touch.last_at is None:
        return t("No contact is noted yet.")
    days = days_since(touch.last_at, now, touch.time_zone)
    if days == 0:
        return t("Last contact today")
    return t.n("Last contact yesterday", "Last contact {n} days ago", days)


def change_words(t: Translator, change: Change, *, reader_is_young: bool) -> str:
    """Who changed what, and when."""
    when = t.date(change.at)
    named = dict.fromkeys(_field_words(t, each) for each in change.fields)
    what = t.listed(list(named)) if len(named) < _FIELDS else t("all of it")
    if change.own and reader_is_young:
        return t("You on {date}: {what}", date=when, what=what)
    name = change.name or t("Somebody")
    return t("{name} on {date}: {what}", name=name, date=when, what=what)


def _field_words(t: Translator, field: str) -> str:
    match field:
        case "ways":
            return t("how")
        case "every_days":
            return t("how often")
        case "places":
            return t("where")
        case "answer_days":
            return t("how soon we answer")
    return t("quiet hours")
