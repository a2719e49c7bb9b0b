"""Hears of messages that transactions sent, and reads them once these are committed."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg import AsyncConnection

_log = logging.getLogger(__name__)

USER = "supabase_realtime_admin"
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
_CHANNEL = "realtime_messages"
_READ = """
select id, topic, event, payload::text from realtime.messages
where id = any(%s) and private and event is not null and payload is not null
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """One committed message; ``payload`` is JSON text."""

    id: UUID
    topic: str
    event: str
    payload: str


class Listener:
    """Calls ``deliver`` for each message in the order of commits, and ``lost`` when the
    database goes away: what is sent until it listens again is not heard."""

    def __init__(
        self,
        conninfo: Callable[[str], str],
        deliver: Callable[[Sent], None],
        lost: Callable[[], None],
    ) -> None:
        self._conninfo = conninfo
        self._deliver = deliver
        self._lost = lost
        self._listening = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        self._listening.clear()

    async def listening(self, seconds: float) -> bool:
        """Wait until it listens; whether it does."""
        try:
            async with asyncio.timeout(seconds):
                await self._listening.wait()
        except TimeoutError:
            return False
        return True

    async def _run(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._conninfo(USER), autocommit=True, application_name="local realtime"
                ) as connection:
                    await connection.execute(f"listen {_CHANNEL}".encode())
                    self._listening.set()
                    pause = _FIRST_PAUSE
                    while True:
                        await self._hear(connection)
            except psycopg.Error as error:
                _log.warning("realtime lost the database: %s", type(error).__name__)
            if self._listening.is_set():
                self._listening.clear()
                self._lost()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _hear(self, connection: AsyncConnection) -> None:
        """Everything that came since the last time, read with one statement."""
        notices = [_as_id(notice.payload) async for notice in connection.notifies(stop_after=1)]
        cursor = await connection.execute(_READ, [[found for found in notices if found]])
        rows = {row[0]: Sent(*row) for row in await cursor.fetchall()}
        for notice in notices:
            if notice is not None and (sent := rows.get(notice)) is not None:
                self._deliver(sent)


def _as_id(text: str) -> UUID | None:
    """Every role may notify with any text; only ids of messages mean something here."""
    try:
        return UUID(text)
    except ValueError:
        return None
