"""How the gate answers: headers on everything, and close codes that a browser can read."""

from contextlib import suppress
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Send

from app.shell.codes import Close
from app.shell.headers import CLOSED_POLICY, HSTS, SECURITY
from app.shell.visit import LEFT_COOKIE, Visit

FORGET_LEAVING: Final = f"{LEFT_COOKIE}=; Max-Age=0; Path=/; SameSite=Strict"


async def accept_and_close(
    receive: Receive, send: Send, code: Close, visit: Visit | None = None
) -> None:
    """Accepts first: a browser shows a script the code of an open socket only. Nothing happens
    when the browser has left already."""
    await receive()
    cookies = [(b"set-cookie", FORGET_LEAVING.encode())] if visit and visit.settled else []
    with suppress(OSError):
        await send({"type": "websocket.accept", "headers": cookies})
        await send({"type": "websocket.close", "code": int(code), "reason": code.name.lower()})


class Answer:
    """The server's `send`, with the headers that every answer has."""

    def __init__(self, send: Send, visit: Visit, *, https: bool) -> None:
        self._send = send
        self._visit = visit
        self._https = https
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message = {**message, "headers": list(message.get("headers", []))}
            headers = MutableHeaders(raw=message["headers"])
            for name, value in SECURITY.items():
                headers.setdefault(name, value)
            headers.setdefault("content-security-policy", CLOSED_POLICY)
            # What nobody thought about may be about somebody.
            headers.setdefault("cache-control", "no-store")
            headers.setdefault("x-request-id", self._visit.request_id)
            if self._visit.settled:
                headers.append("set-cookie", FORGET_LEAVING)
            if self._https:
                headers.setdefault("strict-transport-security", HSTS)
        await self._send(message)
