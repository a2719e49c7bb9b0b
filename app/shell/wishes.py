"""What a browser says about its reader's wishes when it opens the socket of the screens."""

from contextvars import ContextVar
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

_WISHES: ContextVar[str] = ContextVar("handrail_wishes", default="")


class Wishes:
    """Around the endpoint of `/ws`: what the address says after `?`, for Flet's `main(page)`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _WISHES.set(scope["query_string"].decode("latin-1"))
        try:
            await self._app(scope, receive, send)
        finally:
            _WISHES.reset(token)


def current_wishes() -> str:
    """The query of the socket that the running task serves; nothing outside of one."""
    return _WISHES.get()


def in_background() -> bool:
    """Whether nobody could see the page when it opened the socket that the running task serves."""
    return parse_qs(current_wishes()).get("hidden") == ["1"]
