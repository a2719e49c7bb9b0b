"""Hints and whom they wake: a hint says that something changed, never what it says now."""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from app.core.clock import scattered
from app.core.errors import is_code
from app.core.logs import log_fault

REFRESH = "refresh"
COALESCE_SECONDS = 0.1
# A hint to very many sessions of this process is spread, so that their reads do not come at once.
_MANY = 50
_SPREAD_SECONDS = 0.3
_REFRESHES_PER_SECOND = 100


@dataclass(frozen=True, slots=True)
class Hint:
    """Something of this `kind` changed for this person: read it again.

    `ref` is the id of what changed, None if several things did at once. The kind `REFRESH` means
    that hints may have been lost and anything may have changed.
    """

    kind: str
    ref: UUID | None
    person_id: UUID | None


Callback = Callable[[Hint], None]


class Message(NamedTuple):
    """A hint as the database sends it. `id` is the same however often it arrives."""

    id: int | None
    kind: str
    ref: UUID | None
    to: tuple[UUID, ...]

    @classmethod
    def read(cls, raw: Mapping[str, object]) -> "Message | None":
        """The message in a payload; None when it is not one."""
        number, kind, ref, to = (raw.get(key) for key in ("id", "kind", "ref", "to"))
        if not isinstance(kind, str) or not is_code(kind) or not isinstance(to, list):
            return None
        if not isinstance(number, int | None) or not isinstance(ref, str | None):
            return None
        try:
            people = tuple(UUID(person) for person in to)
            return cls(number, kind, None if ref is None else UUID(ref), people)
        except (ValueError, TypeError, AttributeError):
            return None


class _Listener(NamedTuple):
    person_id: UUID
    kinds: frozenset[str]
    callback: Callback


class Fanout:
    """From messages to callbacks: only those of the persons named, each at most every 100 ms.

    Callbacks are plain functions on the event loop; one that fails is logged and hurts nobody.
    Memory is bounded by the listeners: take each one away when its session ends.
    """

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._listeners: dict[int, _Listener] = {}
        self._by_person: dict[UUID, set[int]] = {}
        self._of_everything: dict[int, Callback] = {}
        self._waiting: dict[tuple[UUID, str], set[UUID | None]] = {}
        self._resting: set[tuple[UUID, str]] = set()
        self._refreshing: set[int] = set()
        self._timers: set[asyncio.TimerHandle] = set()

    def __len__(self) -> int:
        return len(self._listeners)

    def listen(
        self, person_id: UUID, kinds: frozenset[str], callback: Callback
    ) -> Callable[[], None]:
        """Calls back for hints of these kinds to this person, and for `REFRESH`, until the
        function that is returned is called (once or more often)."""
        number = next(self._numbers)
        self._listeners[number] = _Listener(person_id, kinds, callback)
        self._by_person.setdefault(person_id, set()).add(number)

        def unlisten() -> None:
            self._listeners.pop(number, None)
            if numbers := self._by_person.get(person_id):
                numbers.discard(number)
                if not numbers:
                    del self._by_person[person_id]

        return unlisten

    def listen_all(self, callback: Callback) -> Callable[[], None]:
        """Calls back at once for every hint to every person, here or elsewhere; for the machinery
        that ends sessions. Returns what takes it away again."""
        number = next(self._numbers)
        self._of_everything[number] = callback

        def unlisten() -> None:
            self._of_everything.pop(number, None)

        return unlisten

    def hear(self, message: Message) -> None:
        """Wakes whoever listens for this message."""
        here = [person for person in message.to if person in self._by_person]
        for person in message.to if self._of_everything else ():
            self._call(self._of_everything.values(), Hint(message.kind, message.ref, person))
        spread = _SPREAD_SECONDS if len(here) > _MANY else 0.0
        for person in here:
            key = (person, message.kind)
            if key in self._waiting:
                self._waiting[key].add(message.ref)
                continue
            self._waiting[key] = {message.ref}
            # The first of a burst is not held back; what follows it comes together.
            pause = COALESCE_SECONDS if key in self._resting else 0.0
            self._later(pause + scattered(0, spread), self._wake, *key)

    def refresh_all(self) -> None:
        """Wakes everybody, spread over so much time that the reads can be borne."""
        self._call(self._of_everything.values(), Hint(REFRESH, None, None))
        spread = max(_SPREAD_SECONDS, len(self._listeners) / _REFRESHES_PER_SECOND)
        for number in self._listeners.keys() - self._refreshing:
            self._refreshing.add(number)
            self._later(scattered(0, spread), self._refresh, number)

    def close(self) -> None:
        """Calls nobody any more."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._waiting.clear()
        self._resting.clear()
        self._refreshing.clear()

    def _wake(self, person_id: UUID, kind: str) -> None:
        self._resting.add((person_id, kind))
        self._later(COALESCE_SECONDS, self._resting.discard, (person_id, kind))
        refs = self._waiting.pop((person_id, kind))
        hint = Hint(kind, refs.pop() if len(refs) == 1 else None, person_id)
        listeners = [self._listeners[number] for number in self._by_person.get(person_id, ())]
        self._call((one.callback for one in listeners if kind in one.kinds), hint)

    def _refresh(self, number: int) -> None:
        self._refreshing.discard(number)
        if listener := self._listeners.get(number):
            self._call([listener.callback], Hint(REFRESH, None, listener.person_id))

    def _call(self, callbacks: Iterable[Callback], hint: Hint) -> None:
        for callback in list(callbacks):
            try:
                callback(hint)
            except Exception as error:
                log_fault("hint_callback_failed", error, kind=hint.kind)

    def _later(self, seconds: float, call: Callable[..., None], *arguments: object) -> None:
        def run() -> None:
            self._timers.discard(timer)
            call(*arguments)

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self._timers.add(timer)
