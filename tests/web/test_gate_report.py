"""The gate when even the table of errors cannot be reached."""

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from app.core.errors import Unreachable
from app.shell.cookies import device_cookie
from app.shell.gate import Gate, GateSettings
from app.shell.visit import Identity

ORIGIN = "https://handrail.example"


async def _nobody(cookie: str) -> Identity | None:
    return None


async def _fail(request: Request) -> Response:
    raise ValueError("the diary of Amber")


async def test_an_error_that_cannot_be_reported_still_gets_our_page_and_headers() -> None:
    told: list[str] = []

    async def report(request: str, place: str, error: BaseException) -> None:
        told.append(request)
        raise Unreachable("unreachable")

    gate = Gate(
        Router([Route("/", _fail)]),
        GateSettings(frozenset({ORIGIN})),
        device_cookie(ORIGIN),
        _nobody,
        report,
    )
    transport = httpx.ASGITransport(gate, client=("127.0.0.1", 40000))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as visitor:
        answer = await visitor.get("/")

    assert answer.status_code == 500
    assert told == [answer.headers["x-request-id"]]
    assert answer.headers["x-frame-options"] == "DENY"
    assert "Amber" not in answer.text
