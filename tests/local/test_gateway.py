"""The gateway as a whole: health, unknown paths, foreign hosts, floods and garbage."""

import asyncio
import time

import httpx
import pytest

from tests.fixtures.plain_http import PLAIN
from tests.fixtures.supabase import Supabase


async def test_health_needs_no_key(supabase_bare: Supabase) -> None:
    async with httpx.AsyncClient(verify=PLAIN) as http:
        answer = await http.get(f"{supabase_bare.url}/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "server" not in answer.headers


async def test_the_published_keys_verify_a_token_of_the_project(supabase_bare: Supabase) -> None:
    client = await supabase_bare.client()
    seen = await client.auth.get_claims(supabase_bare.token(sub="someone"))
    assert seen is not None
    assert seen["claims"]["sub"] == "someone"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/functions/v1/hello"),
        ("POST", "/graphql/v1"),
        ("POST", "/pg/query"),
        ("OPTIONS", "/rest/v1/x"),
        ("GET", "/rest/v1/"),
        ("GET", "/auth/v1/authorize"),
        ("GET", "/storage/v1/iceberg"),
        ("POST", "/realtime/v1/api/broadcast/x/events/y"),
    ],
)
async def test_what_the_project_does_not_have_is_501(
    supabase_bare: Supabase, method: str, path: str
) -> None:
    answer = await supabase_bare.send(method, path)
    assert answer.status_code == 501
    assert answer.json()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "a b"])
async def test_a_request_for_another_host_is_refused(supabase_bare: Supabase, host: str) -> None:
    answer = await supabase_bare.send("GET", "/health", headers={"host": host})
    assert answer.status_code == 400


async def test_localhost_by_any_name_is_us(supabase_bare: Supabase) -> None:
    port = supabase_bare.url.rpartition(":")[2]
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}", "LOCALHOST"):
        answer = await supabase_bare.send("GET", "/health", headers={"host": host})
        assert answer.status_code == 200


async def _say(project: Supabase, raw: bytes) -> bytes:
    host, _, port = project.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(raw)
        await writer.drain()
        async with asyncio.timeout(5):
            return await reader.read(65_536)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: -1\r\n\r\n",
        b"GET /rest/v1/x HTTP/9.9\r\n\r\n",
        b"\0" * 500 + b"\r\n\r\n",
        b"POST /rest/v1/x HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        b"transfer-encoding: chunked\r\n\r\nzz\r\n\r\n",
    ],
)
async def test_garbage_is_answered_or_dropped_and_others_are_served(
    supabase_bare: Supabase, raw: bytes
) -> None:
    answer = await _say(supabase_bare, raw)
    assert b"Traceback" not in answer
    assert not answer or answer.split(b" ")[1].startswith(b"4")
    assert (await supabase_bare.send("GET", "/health")).status_code == 200


async def test_clients_that_never_finish_or_read_do_not_hold_others_up(
    supabase_bare: Supabase,
) -> None:
    host, _, port = supabase_bare.url.removeprefix("http://").partition(":")
    half = b"POST /rest/v1/rpc/x HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n{"
    writers = []
    for _ in range(100):
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(half)
        writers.append(writer)
    started = time.monotonic()
    for _ in range(10):
        assert (await supabase_bare.send("GET", "/health")).status_code == 200
    assert time.monotonic() - started < 5
    for writer in writers:
        writer.close()


async def test_an_error_never_shows_how_the_gateway_is_made(supabase_bare: Supabase) -> None:
    for path in (
        "/rest/v1/%00",
        "/rest/v1/rpc/%ff%fe",
        "/rest/v1/x?select=%ff",
        "/auth/v1/%00",
        "/storage/v1/object/%00/x",
        "/realtime/v1/%00",
    ):
        for method in ("GET", "POST", "PATCH", "DELETE"):
            answer = await supabase_bare.send(method, path, content=b"\xff\0{[")
            assert answer.status_code != 500
            assert "Traceback" not in answer.text
            assert ".py" not in answer.text
