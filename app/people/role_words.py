"""What people call roles, and parts in a team."""

from collections.abc import Callable

from app.people.model import Part, Role


def role_name(t: Callable[[str], str], role: Role) -> str:
    """What people call the role, in the reader's words."""
    match role:
        case Role.YOUNG_PERSON:
            return t("Young person")
        case Role.KEY_WORKER:
            return t("Key worker")
        case Role.MENTOR:
            return t("Mentor")
        case Role.TRAINER:
            return t("Trainer")
        case Role.COORDINATOR:
            return t("Coordinator")
        case Role.PROFESSIONAL:
            return t("Professional in the team")
        case Role.SAFEGUARDING_LEAD:
            return t("Safeguarding lead")
        case Role.ADMINISTRATOR:
            return t("Administrator")


def part_name(t: Callable[[str], str], part: Part) -> str:
    """What people call the part somebody has in a team, in the reader's words."""
    match part:
        case Part.KEY_WORKER:
            return t("Key worker")
        case Part.STAND_IN:
            return t("Stand-in")
        case Part.MENTOR:
            return t("Mentor")
        case Part.PROFESSIONAL:
            return t("Professional in the team")
