"""The parts of a life in words."""

from collections.abc import Callable

from app.people.model import LifeArea


def area_name(t: Callable[[str], str], area: LifeArea) -> str:
    """What people call this part of a life, in the reader's words."""
    match area:
        case LifeArea.HOUSING:
            return t("Housing")
        case LifeArea.HEALTH:
            return t("Health")
        case LifeArea.MIND:
            return t("Mind")
        case LifeArea.MONEY:
            return t("Money")
        case LifeArea.LAW_PAPERS:
            return t("Law and papers")
        case LifeArea.FAMILY_CARE:
            return t("Family and care")
        case LifeArea.LEARNING:
            return t("Learning")
        case LifeArea.WORK:
            return t("Work")
        case LifeArea.GETTING_AROUND:
            return t("Getting around")
        case LifeArea.STAYING_SAFE:
            return t("Staying safe")
        case LifeArea.RELATIONSHIPS:
            return t("Relationships")
