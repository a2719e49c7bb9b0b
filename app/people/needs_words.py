"""What helps me, in words."""

from app.core.i18n import Translator
from app.people.needs import Need


def need_title(t: Translator, need: Need) -> str:
    """What the field is about, as the young person says it."""
    return {
        Need.LANGUAGES: t("Languages I speak"),
        Need.READS: t("How I take things in best"),
        Need.WORKER: t("Who I would rather talk with"),
        Need.TIMES: t("Good times for me"),
        Need.CARING: t("I look after"),
        Need.CARING_TIMES: t("When I look after somebody"),
        Need.TRAVEL: t("Getting there"),
        Need.ACCESS: t("What I need to take part"),
        Need.SCREENS: t("How screens should be"),
    }[need]


def choice_words(t: Translator, need: Need, choice: str) -> str:
    """One choice in the reader's words."""
    if need is Need.LANGUAGES:
        return t.tongue(choice)
    return _words(t)[need][choice]


def _words(t: Translator) -> dict[Need, dict[str, str]]:
    times = {
        "mornings": t("Mornings"),
        "afternoons": t("Afternoons"),
        "evenings": t("Evenings"),
        "nights": t("Nights"),
        "weekends": t("Weekends"),
    }
    return {
        Need.READS: {
            "reading": t("Reading"),
            "listening": t("Listening"),
            "easy_words": t("Easy words"),
            "pictures": t("Pictures"),
        },
        Need.WORKER: {"woman": t("A woman"), "man": t("A man"), "any": t("It does not matter")},
        Need.TIMES: times,
        Need.CARING: {
            "child": t("My child"),
            "sibling": t("A brother or sister"),
            "parent": t("My mother or father"),
            "somebody_else": t("Somebody else"),
        },
        Need.CARING_TIMES: times,
        Need.TRAVEL: {
            "no_ticket": t("I have no money for a ticket"),
            "far_away": t("I live far away"),
            "not_alone": t("I would rather not go alone"),
            "not_in_the_dark": t("Not in the dark"),
            "step_free": t("I need a way without steps"),
            "by_phone": t("By phone or video is better"),
        },
        Need.ACCESS: {
            "wheelchair": t("I use a wheelchair"),
            "seeing": t("I see little or nothing"),
            "hearing": t("I hear little or nothing"),
            "sign_language": t("Sign language"),
            "quiet_room": t("A quiet room"),
            "breaks": t("Breaks"),
            "one_thing": t("One thing at a time"),
            "somebody_with_me": t("Somebody comes with me"),
        },
        Need.SCREENS: {
            "calm": t("Calm, without movement"),
            "large_text": t("Large text"),
            "read_aloud": t("Read aloud to me"),
        },
    }
