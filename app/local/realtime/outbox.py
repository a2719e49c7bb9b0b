"""What waits to be sent to one client."""

import asyncio
from collections import deque


class Outbox:
    """A queue of frames with a bound, so that a client which never reads costs little."""

    def __init__(self, *, frames: int, size: int) -> None:
        self._most_frames = frames
        self._most_size = size
        self._size = 0
        self._waiting: deque[str] = deque()
        self._filled = asyncio.Event()

    def put(self, frame: str) -> bool:
        """Add a frame; False when the client is too far behind to ever get it."""
        if len(self._waiting) >= self._most_frames or self._size + len(frame) > self._most_size:
            return False
        self._waiting.append(frame)
        self._size += len(frame)
        self._filled.set()
        return True

    async def get(self) -> str:
        """The next frame, waiting for one."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        frame = self._waiting.popleft()
        self._size -= len(frame)
        return frame

    def take_all(self) -> list[str]:
        """Everything that waits now."""
        frames = list(self._waiting)
        self._waiting.clear()
        self._size = 0
        return frames
