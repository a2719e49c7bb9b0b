"""What a young person who does not feel safe can do, and what staff do about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.clock import Clock, SystemClock
from app.core.db import Db
from app.core.seal import Seal
from app.protect.alert_model import (
    Alert,
    AlertRow,
    AlertState,
    Followed,
    OnDuty,
    Outcome,
    Reach,
    Sent,
    Telling,
    UnsafePage,
    Wish,
)
from app.protect.model import Named

Row = Mapping[str, Any]


class Unsafe:
    """The young person's verbs. Every method may raise `AppError`."""

    def __init__(self, db: Db, seal: Seal, clock: Clock | None = None) -> None:
        self._db = db
        self._seal = seal
        self._clock = clock or SystemClock()

    async def page(
        self, organisation: UUID, *, about_staff: bool = False, about: UUID | None = None
    ) -> UnsafePage:
        """What is said before anything is sent, as it would be for this choice."""
        row = await self._db.rpc(
            "unsafe_page",
            organisation=str(organisation),
            about_staff=about_staff,
            about_person=_id(about),
        )
        sent = row["sent"]
        return UnsafePage(
            now=datetime.fromisoformat(row["now"]),
            read_at=self._clock.monotonic(),
            rota=row["rota"],
            there=tuple(row["there"]),
            also=tuple(row["also"]),
            next_at=_time(row["next_at"]),
            minutes=row["minutes"],
            fallback=row["fallback"],
            staff=tuple(Named(UUID(each["id"]), each["name"]) for each in row["staff"]),
            sent=_sent(sent) if sent else None,
        )

    async def send(self, organisation: UUID, alert: UUID, page: UnsafePage, wish: Wish) -> Sent:
        """Tell who has duty. `alert` is a new id; the same one again sends nothing twice.

        Raises `Conflict` with `too_late` when it took more than ten seconds to get there, with
        `no_rota`, `nobody_there` or `too_often`; `Unreachable` when it may never have got there:
        from then on the database refuses it, or has it already (see `UnsafePage.sent`).
        """
        pressed = page.clock(self._clock.monotonic())
        text = wish.text.strip()
        at = await self._db.rpc(
            "send_alert",
            organisation=str(organisation),
            id=str(alert),
            pressed_at=pressed.isoformat(),
            about_staff=wish.about_staff,
            about_person=_id(wish.about),
            reach=wish.reach.value,
            sealed=self._seal.seal_text(text, "alert", alert) if text else None,
        )
        return Sent(alert, datetime.fromisoformat(at))

    async def take_back(self, alert: UUID) -> None:
        """By mistake; `Conflict("too_late")` after half a minute."""
        await self._db.rpc("take_back_alert", alert=str(alert))

    async def follow(self, alert: UUID) -> Followed:
        """What became of it; `NotFound` for what this person did not send."""
        row = await self._db.rpc("follow_alert", alert=str(alert))
        return Followed(
            state=AlertState(row["state"]),
            at=datetime.fromisoformat(row["sent_at"]),
            reach=Reach(row["reach"]),
            taken_by=row["taken_by"],
            fallback=row["fallback"],
        )


class Alerts:
    """The verbs of who has duty or leads. Every method may raise `AppError`."""

    def __init__(self, db: Db, seal: Seal) -> None:
        self._db = db
        self._seal = seal

    async def on_duty(self, organisation: UUID) -> OnDuty:
        """Who has duty, and the alerts I may see: open ones and those of the last 30 days."""
        row = await self._db.read("my_alerts", organisation=str(organisation))
        return OnDuty(
            there=tuple(row["there"]),
            mine_until=_time(row["mine_until"]),
            next_at=_time(row["next_at"]),
            alerts=tuple(_listed(each) for each in row["alerts"]),
        )

    async def read(self, alert: UUID) -> Alert:
        """All of one alert; the reading is logged. `NotAllowed` for what is not mine to know."""
        row = await self._db.rpc("read_alert", alert=str(alert))
        sealed = row["sealed"]
        return _alert(row, self._seal.open_text(sealed, "alert", alert) if sealed else None)

    async def take(self, alert: UUID) -> None:
        """Nobody else is told from now on; `Conflict("already_taken")` when somebody was faster."""
        await self._db.rpc("take_alert", alert=str(alert))

    async def give_back(self, alert: UUID) -> None:
        """The next one is told at once."""
        await self._db.rpc("give_back_alert", alert=str(alert))

    async def reached(self, alert: UUID) -> None:
        """Whoever took it has spoken to them."""
        await self._db.rpc("reach_alert", alert=str(alert))

    async def close(self, alert: UUID, outcome: Outcome) -> None:
        """Over; `Conflict("already_ended")` when it was before."""
        await self._db.rpc("close_alert", alert=str(alert), outcome=outcome.value)


def _sent(row: Row) -> Sent:
    return Sent(UUID(row["id"]), datetime.fromisoformat(row["sent_at"]))


def _listed(row: Row) -> AlertRow:
    return AlertRow(
        id=UUID(row["id"]),
        name=row["name"],
        at=datetime.fromisoformat(row["sent_at"]),
        state=AlertState(row["state"]),
        about_staff=row["about_staff"],
        mine=row["mine"],
        told=row["told"],
        taken_by=row["taken_by"],
    )


def _alert(row: Row, text: str | None) -> Alert:
    return Alert(
        id=UUID(row["id"]),
        name=row["name"],
        language=row["language"],
        at=datetime.fromisoformat(row["sent_at"]),
        state=AlertState(row["state"]),
        reach=Reach(row["reach"]),
        about_staff=row["about_staff"],
        about=row["about"],
        text=text,
        taken_by=row["taken_by"],
        mine=row["mine"],
        leads=bool(row["leads"]),
        closed_by=row["closed_by"],
        closed_at=_time(row["closed_at"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        fallback=row["fallback"],
        told=tuple(
            Telling(each["name"], each["step"], datetime.fromisoformat(each["at"]))
            for each in row["told"]
        ),
    )


def _id(person: UUID | None) -> str | None:
    return str(person) if person else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
