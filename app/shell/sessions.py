"""Which sessions belong to which device of this process; Flet itself keeps no such list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from app.core.clock import utc_now


class DrawnSession(Protocol):
    """What is needed of a Flet session."""

    @property
    def id(self) -> str: ...
    @property
    def connection(self) -> object | None: ...
    @property
    def expires_at(self) -> datetime | None: ...
    def apply_patch(self, control_id: int, patch: dict[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Owned:
    """A session, its name in Flet's own store, and the person whose screen it holds."""

    key: str
    session: DrawnSession
    owner: UUID

    @property
    def over(self) -> bool:
        """Whether Flet has thrown it away, or will within seconds."""
        expires_at = self.session.expires_at
        return expires_at is not None and expires_at < utc_now()


class DeviceSessions:
    """Sessions by device, oldest first; `ended` counts those that were crossed out."""

    def __init__(self) -> None:
        self.ended = 0
        self._by_device: dict[str, dict[str, Owned]] = {}

    def keep(self, device: str, owned: Owned) -> None:
        """Writes a session down; one that is known already stays with its first owner."""
        self._by_device.setdefault(device, {}).setdefault(owned.session.id, owned)

    def find(self, device: str, session_id: str) -> Owned | None:
        """The device's session of that id, None when there is no (longer) such one."""
        owned = self._by_device.get(device, {}).get(session_id)
        return None if owned is None or owned.over else owned

    def take(self, device: str, session_id: str) -> None:
        """Crosses one out."""
        sessions = self._by_device.get(device, {})
        self.ended += sessions.pop(session_id, None) is not None
        if not sessions:
            self._by_device.pop(device, None)

    def take_all(self, device: str) -> list[Owned]:
        """Crosses out all of a device and returns them."""
        taken = list(self._by_device.pop(device, {}).values())
        self.ended += len(taken)
        return taken

    def take_dead(self, device: str) -> None:
        """Crosses out those that Flet has thrown away; else their screens stay in memory here."""
        for owned in list(self._by_device.get(device, {}).values()):
            if owned.over:
                self.take(device, owned.session.id)

    def surplus(self, device: str, room_for: int) -> list[Owned]:
        """The oldest sessions without a socket that must go, so that at most `room_for` stay."""
        self.take_dead(device)
        sessions = self._by_device.get(device, {})
        idle = [each for each in sessions.values() if each.session.connection is None]
        return idle[: max(len(sessions) - room_for, 0)]

    def devices(self) -> list[str]:
        """Devices that have at least one session."""
        return list(self._by_device)

    def devices_of(self, person_id: UUID) -> list[str]:
        """Devices on which this person has at least one session."""
        return [
            device
            for device, sessions in self._by_device.items()
            if any(owned.owner == person_id for owned in sessions.values())
        ]

    def __iter__(self) -> Iterator[Owned]:
        for sessions in self._by_device.values():
            yield from (owned for owned in sessions.values() if not owned.over)
