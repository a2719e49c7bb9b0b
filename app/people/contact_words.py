"""Who else is there, in words."""

from collections.abc import Callable

from app.people.contacts import ContactKind

Words = Callable[[str], str]


def kind_name(t: Words, kind: ContactKind) -> str:
    """What somebody is for the young person."""
    if kind is ContactKind.GUARDIAN:
        return t("Legal guardian")
    return t("Somebody I trust")


def topic_name(t: Words, topic: str) -> str:
    """Something a person may know, or must never be told."""
    return {
        "coming_here": t("That I come here"),
        "where_i_live": t("Where I live"),
        "dates": t("My dates"),
        "housing": t("Housing"),
        "health": t("Health"),
        "mind": t("How I feel"),
        "money": t("Money"),
        "law_papers": t("Law and papers"),
        "family_care": t("Family and care"),
        "learning": t("Learning"),
        "work": t("Work"),
        "getting_around": t("Getting around"),
        "staying_safe": t("Staying safe"),
        "relationships": t("Friends and love"),
    }[topic]


def paper_name(t: Words, paper: str) -> str:
    """Something a person may have to sign."""
    return {
        "plan": t("My plan"),
        "referral": t("When I go somewhere new for help"),
        "data": t("What happens with my data"),
        "trips": t("Trips"),
        "money": t("Money for me"),
    }[paper]
