"""The one listener for live hints of this process.

Realtime may lose a hint (a broken connection, a full queue), and that may only delay: after every
joining all who listen refresh, and once a minute the database is asked for the hints since last
time, which misses none.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.clock import Clock, SystemClock, scattered
from app.core.errors import AppError
from app.core.hints import Callback, Fanout, Message
from app.core.live_socket import HintSocket
from app.core.logs import get_log, log_fault
from app.core.machine import MachineClient

BEAT = "beat"
POLL_SECONDS = 60.0
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_LASTING_SECONDS = 30.0
_MOST_REMEMBERED = 50_000


class LiveHub:
    """Hears hints with the machine account `live` and wakes the sessions they concern.

    `heard_at` is when the socket was joined or the last hint or beat came through it, None before.
    """

    def __init__(
        self,
        machine: MachineClient,
        *,
        clock: Clock | None = None,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self.heard_at: datetime | None = None
        self.joined = False
        self._machine = machine
        self._clock = clock or SystemClock()
        self._poll_seconds = poll_seconds
        self._fanout = Fanout()
        self._tasks: list[asyncio.Task[None]] = []
        self._cursor: str | None = None
        self._missed_a_poll = False
        self._known = _Known()

    async def start(self) -> None:
        """Begins to listen in the background, also when Realtime cannot be reached yet."""
        self._tasks = [
            asyncio.create_task(self._stay_connected(), name="live hints"),
            asyncio.create_task(self._keep_polling(), name="missed hints"),
        ]

    async def stop(self) -> None:
        """Ends listening and calls nobody any more."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._fanout.close()

    def listen(
        self, person_id: UUID, kinds: frozenset[str], callback: Callback
    ) -> Callable[[], None]:
        """Calls back, on the event loop, for hints of these kinds to this person and for
        `hints.REFRESH`, at most every 100 ms a kind. Call what is returned when the session
        ends."""
        return self._fanout.listen(person_id, kinds, callback)

    def listen_all(self, callback: Callback) -> Callable[[], None]:
        """Calls back for every hint to every person, at once."""
        return self._fanout.listen_all(callback)

    async def _stay_connected(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            began = self._clock.monotonic()
            socket = HintSocket(self._machine, self._hear)
            try:
                await socket.open()
                self.joined, self.heard_at = True, self._clock.now()
                self._fanout.refresh_all()
                await socket.last()
                get_log().warning("live_lost")
            except AppError as error:
                get_log().warning("live_unreachable", code=error.code)
            except Exception as error:
                log_fault("live_failed", error)
            finally:
                self.joined = False
                await socket.close()
            if self._clock.monotonic() - began > _LASTING_SECONDS:
                pause = _FIRST_PAUSE
            # Many processes lose Realtime at the same moment: they must not return at the same one.
            await self._clock.sleep(pause * scattered(0.5, 1.5))
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _keep_polling(self) -> None:
        while True:
            try:
                await self._poll()
            except AppError as error:
                self._missed_a_poll = True
                get_log().warning("live_poll_failed", code=error.code)
            except Exception as error:
                self._missed_a_poll = True
                log_fault("live_poll_failed", error)
            await self._clock.sleep(self._poll_seconds * scattered(0.9, 1.1))

    async def _poll(self) -> None:
        answer = await self._machine.db.rpc("machine_changes_since", cursor=self._cursor)
        if answer["everything"] or (self._cursor is None and self._missed_a_poll):
            self._fanout.refresh_all()
        self._cursor, self._missed_a_poll = answer["cursor"], False
        for raw in answer["hints"]:
            if message := Message.read(raw):
                self._fanout.hear(self._known.news(message))
        self._known.next_round()

    def _hear(self, raw: Mapping[str, Any]) -> None:
        self.heard_at = self._clock.now()
        message = Message.read(raw)
        if message is not None and message.kind != BEAT:
            self._fanout.hear(self._known.news(message))


class _Known:
    """Who was told of which hint, in this round of polling and the one before.

    A hint to many people comes in several messages with one id, each of which may be lost.
    """

    def __init__(self) -> None:
        self._told: dict[int, set[UUID]] = {}
        self._told_before: dict[int, set[UUID]] = {}
        self._size = 0

    def news(self, message: Message) -> Message:
        """The message without those who were told before; from now on all of them were."""
        if message.id is None:
            return message
        told = self._told.get(message.id, set()) | self._told_before.get(message.id, set())
        if self._size < _MOST_REMEMBERED:
            self._told.setdefault(message.id, set()).update(message.to)
            self._size += len(message.to)
        return message._replace(to=tuple(person for person in message.to if person not in told))

    def next_round(self) -> None:
        self._told_before, self._told, self._size = self._told, {}, 0
