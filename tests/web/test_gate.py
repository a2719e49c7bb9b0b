"""The outermost layer: where requests come from, what they may cost, and what errors tell."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from structlog.testing import capture_logs

from app.shell.address import client_address, networks
from app.shell.headers import SECURITY
from app.shell.limits import Limits
from app.shell.problems import own_path, sign_in_first
from tests.fixtures.plain_http import PLAIN
from tests.web.wiring import Running, running


@pytest.fixture
async def app() -> AsyncIterator[Running]:
    async with running(Limits(body_pause_seconds=0.3, body_seconds=1.0)) as started:
        yield started


@contextlib.asynccontextmanager
async def visitor(app: Running, cookie: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        verify=PLAIN, base_url=app.origin, headers=app.headers(cookie)
    ) as client:
        yield client


async def raw(app: Running, request: bytes, seconds: float = 15) -> bytes:
    """Sends bytes as they are and returns all that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", app.port)
    writer.write(request)
    try:
        async with asyncio.timeout(seconds):
            return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize("path", ["/healthz", "/", "/nothing", "/fail", "/signin", "/e/x/y"])
async def test_every_answer_has_the_security_headers(app: Running, path: str) -> None:
    async with visitor(app) as client:
        answer = await client.get(path)
    for name, value in SECURITY.items():
        assert answer.headers[name] == value
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert len(answer.headers["x-request-id"]) == 16
    assert answer.headers["cache-control"] in {"no-store", "private, no-cache"}
    assert "server" not in answer.headers
    assert "strict-transport-security" not in answer.headers


async def test_error_page_has_an_id_and_nothing_of_the_error(app: Running) -> None:
    async with visitor(app) as client:
        with capture_logs() as logs:
            page = await client.get("/fail", headers={"accept": "text/html"})
        data = await client.get("/fail", headers={"accept": "application/json"})
    assert page.status_code == data.status_code == 500
    assert page.headers["x-request-id"] in page.text
    assert data.json() == {"code": "unexpected", "request": data.headers["x-request-id"]}
    for text in (page.text, data.text, json.dumps(logs)):
        assert "Amber" not in text
        assert "Traceback" not in text
    assert logs[0]["error"] == "ValueError"


async def test_half_sent_answer_is_cut_off_and_not_completed(app: Running) -> None:
    async with visitor(app) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/half")


async def test_form_from_our_own_page_is_taken(app: Running) -> None:
    async with visitor(app) as client:
        answer = await client.post(
            "/take", content=b"a=1", headers={"sec-fetch-site": "same-origin"}
        )
    assert (answer.status_code, app.events) == (200, ["took 3"])


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {},
    ],
)
async def test_form_from_elsewhere_is_refused(app: Running, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(verify=PLAIN, base_url=app.origin) as client:
        answer = await client.post("/take", content=b"a=1", headers=headers)
    assert answer.status_code == 403
    assert not app.events


async def test_unknown_host_is_refused_but_probes_may_come_by_address(app: Running) -> None:
    async with visitor(app) as client:
        foreign = {"host": "evil.example"}
        assert (await client.get("/", headers=foreign)).status_code == 421
        assert (await client.get("/healthz", headers=foreign)).status_code == 200


async def test_body_with_a_large_announced_size_is_refused_unread(app: Running) -> None:
    async with visitor(app) as client:
        answer = await client.post("/take", content=b"x" * 10_000_000)
    assert answer.status_code == 413
    assert not app.events


async def test_body_without_announced_size_is_refused_while_it_streams(app: Running) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1_000):
            yield b"x" * 10_000

    async with visitor(app) as client:
        with contextlib.suppress(httpx.WriteError):
            answer = await client.post("/take", content=endless())
            assert answer.status_code == 413
    assert not app.events


async def test_body_that_stops_coming_is_refused_in_time(app: Running) -> None:
    head = (
        f"POST /take HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\nOrigin: {app.origin}\r\n"
        "Content-Length: 100\r\n\r\nbegin"
    )
    answer = await raw(app, head.encode())
    assert answer.startswith(b"HTTP/1.1 408")


async def test_body_that_drips_is_refused_in_time(app: Running) -> None:
    head = (
        f"POST /take HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\nOrigin: {app.origin}\r\n"
        "Content-Length: 100\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", app.port)
    writer.write(head.encode())

    async def drip() -> None:
        for _ in range(40):
            writer.write(b"x")
            await asyncio.sleep(0.1)

    dripping = asyncio.create_task(drip())
    async with asyncio.timeout(4):
        answer = await reader.read()
    dripping.cancel()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408")
    assert not app.events


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/healthz", {"x-long": "x" * 20_000}, 431),
        ("/healthz", {f"x-{n}": "x" for n in range(80)}, 431),
        ("/healthz?" + "q" * 5_000, {}, 414),
    ],
)
async def test_oversized_request_line_or_headers_are_refused(
    app: Running, path: str, headers: dict[str, str], status: int
) -> None:
    async with visitor(app) as client:
        assert (await client.get(path, headers=headers)).status_code == status


async def test_address_has_limited_requests_at_a_time() -> None:
    async with running(Limits(requests_per_address=1, body_pause_seconds=2)) as app:
        reader, writer = await asyncio.open_connection("127.0.0.1", app.port)
        writer.write(
            f"POST /take HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\nOrigin: {app.origin}\r\n"
            "Content-Length: 5\r\n\r\n".encode()
        )
        await asyncio.sleep(0.1)
        async with visitor(app) as client:
            refused = await client.get("/whoami")
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
            writer.write(b"begin")
            await reader.readline()
            assert (await client.get("/whoami")).status_code == 200
        writer.close()


@pytest.mark.parametrize("path", ["/", "/plan", "/plan?tab=2"])
async def test_screen_without_sign_in_leads_to_the_sign_in_page_and_back(
    app: Running, path: str
) -> None:
    async with visitor(app) as client:
        answer = await client.get(path)
    assert answer.status_code == 303
    expected = {
        "/": "/signin",
        "/plan": "/signin?next=%2Fplan",
        "/plan?tab=2": "/signin?next=%2Fplan%3Ftab%3D2",
    }
    assert answer.headers["location"] == expected[path]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/nothing", "/docs", "/openapi.json", "/.env", "/plan/", "//x"])
async def test_unknown_address_is_a_real_404(app: Running, path: str) -> None:
    amber = app.people.sign_in("Amber")
    async with visitor(app, amber) as client:
        assert (await client.get(f"{app.origin}{path}")).status_code == 404


async def test_request_knows_who_is_signed_in(app: Running) -> None:
    amber = app.people.sign_in("Amber")
    async with visitor(app, amber) as client:
        answer = (await client.get("/whoami")).json()
    assert answer["person"] == str(app.people.by_cookie[amber].person_id)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/plan", "/plan"),
        ("/plan?tab=2#x", "/plan?tab=2#x"),
        (None, "/"),
        ("", "/"),
        ("plan", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/x\\y", "/"),
        ("https://evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("/" + "x" * 2_000, "/"),
    ],
)
def test_only_own_paths_are_led_back_to(path: str | None, kept: str) -> None:
    assert own_path(path) == kept


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "unknown"),
        ("", "", "unknown"),
        ("2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "", "198.51.100.7"),
    ],
)
def test_address_is_believed_only_as_far_as_trusted_proxies_wrote_it(
    peer: str, forwarded: str, address: str
) -> None:
    assert client_address(peer, forwarded, networks(["10.0.0.0/8"])) == address


async def test_a_query_in_no_known_alphabet_is_sent_to_sign_in_all_the_same() -> None:
    scope = {"path": "/me", "query_string": b"a=\xff"}
    assert sign_in_first(scope).headers["location"] == "/signin?next=%2Fme%3Fa%3D%C3%BF"
