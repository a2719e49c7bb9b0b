"""What helps me: what a young person says about how things go well for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from app.core.db import Db

MOST_LANGUAGES: Final = 8


class Need(StrEnum):
    """The fields, in the order in which they are asked. None must be answered."""

    LANGUAGES = "languages"
    READS = "reads"
    WORKER = "worker"
    TIMES = "times"
    CARING = "caring"
    CARING_TIMES = "caring_times"
    TRAVEL = "travel"
    ACCESS = "access"
    SCREENS = "screens"


# What can be chosen; languages are codes of catalogues. The same stands in private.need_choices().
CHOICES: Final[Mapping[Need, tuple[str, ...]]] = MappingProxyType(
    {
        Need.READS: ("reading", "listening", "easy_words", "pictures"),
        Need.WORKER: ("woman", "man", "any"),
        Need.TIMES: ("mornings", "afternoons", "evenings", "weekends"),
        Need.CARING: ("child", "sibling", "parent", "somebody_else"),
        Need.CARING_TIMES: ("mornings", "afternoons", "evenings", "nights", "weekends"),
        Need.TRAVEL: (
            "no_ticket",
            "far_away",
            "not_alone",
            "not_in_the_dark",
            "step_free",
            "by_phone",
        ),
        Need.ACCESS: (
            "wheelchair",
            "seeing",
            "hearing",
            "sign_language",
            "quiet_room",
            "breaks",
            "one_thing",
            "somebody_with_me",
        ),
        Need.SCREENS: ("calm", "large_text", "read_aloud"),
    }
)


@dataclass(frozen=True, slots=True)
class Needs:
    """All that was said, and who said it last (`written_by`, None before anybody did).

    `travels` are the fields that go along with a referral; only what was said can travel.
    """

    chosen: Mapping[Need, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    travels: frozenset[Need] = frozenset()
    version: int = 0
    written_by: str | None = None
    own_words: bool = True
    written_at: datetime | None = None

    def of(self, need: Need) -> tuple[str, ...]:
        """What was chosen there, maybe nothing."""
        return self.chosen.get(need, ())

    def toggled(self, need: Need, choice: str) -> "Needs":
        """With this choice made, or taken back when it was made before.

        Of the worker's gender there is one choice at a time.
        """
        before = self.of(need)
        if choice in before:
            after = tuple(each for each in before if each != choice)
        else:
            after = (choice,) if need is Need.WORKER else (*before, choice)
        chosen = {**self.chosen, need: after}
        if not after:
            del chosen[need]
        kept = self.travels if after else self.travels - {need}
        return replace(self, chosen=MappingProxyType(chosen), travels=kept)

    def going_along(self, need: Need, *, yes: bool) -> "Needs":
        """With this field travelling with referrals, or not."""
        return replace(self, travels=self.travels | {need} if yes else self.travels - {need})


class NeedsOf:
    """The verbs about one young person in one organisation. Every method may raise `AppError`."""

    def __init__(self, db: Db, organisation: UUID, young_person: UUID) -> None:
        self._db = db
        self._of = {"organisation": str(organisation), "young_person": str(young_person)}

    async def read(self) -> Needs:
        """What was said so far. Another reader than the young person is logged."""
        return _needs(await self._db.rpc("open_needs", **self._of))

    async def write(self, needs: Needs) -> int:
        """Store all of it over `needs.version`, the version that was seen; returns the next one.

        Raises `Conflict("changed_meanwhile")` when somebody else wrote meanwhile.
        """
        version: int = await self._db.rpc(
            "set_needs",
            **self._of,
            wishes={need.value: list(chosen) for need, chosen in needs.chosen.items()},
            travels=sorted(needs.travels),
            version=needs.version,
        )
        return version


def _needs(row: Mapping[str, Any]) -> Needs:
    at = row["written_at"]
    return Needs(
        chosen=MappingProxyType(
            {Need(each): tuple(chosen) for each, chosen in row["wishes"].items()}
        ),
        travels=frozenset(Need(each) for each in row["travels"]),
        version=row["version"],
        written_by=row["written_by"],
        own_words=bool(row["own_words"]),
        written_at=datetime.fromisoformat(at) if at else None,
    )
