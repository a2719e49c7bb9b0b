"""Storage asked wrongly, by hand: a clear error each, and nothing is changed."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.local.config import Config
from tests.fixtures.postgres import Dsn, Server
from tests.local.serving import ANNA, BORIS, Project, serving
from tests.local.storage_box import BUCKET, OPEN_BOX, ask, put


@pytest.fixture(scope="module")
def dsn(postgres18: Server) -> Dsn:
    return postgres18.new_database(migrated=False)


@pytest.fixture
async def project(dsn: Dsn, tmp_path: Path) -> AsyncIterator[Project]:
    async with serving(dsn, tmp_path, config=Config(file_size_limit=100_000)) as project:
        if not project.rows("select 1 from storage.buckets"):
            project.owner(*OPEN_BOX)
        yield project
        project.clear()


@pytest.mark.parametrize(
    "name",
    ["..%2Fx", "a/../b", "a//b", "a%00b", "a%09b", "a%5Cb", "%FF", "%C3%BC", "a/", "a" * 1025],
)
async def test_a_bad_name_is_refused_by_every_verb(project: Project, name: str) -> None:
    # A client of its own would tidy the path up before it sends it.
    for method in ("PUT", "POST", "GET"):
        answer = await raw(project, method, f"{BUCKET}/{name}")
        assert answer["statusCode"] == "400", (method, answer)
        assert answer["error"] == "InvalidKey"
    assert project.kept() == []


async def raw(project: Project, method: str, path: str) -> dict[str, Any]:
    """Send exactly this path."""
    address = urlsplit(project.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    lines = [f"{method} {path} HTTP/1.1", f"Host: {address.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in project.headers(ANNA).items()]
    writer.write("\r\n".join([*lines, "Content-Length: 1", "", "x"]).encode())
    answer = await reader.read()
    writer.close()
    found: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return found


@pytest.mark.parametrize(
    "change",
    [
        {"authorization": "Bearer nonsense"},
        {"authorization": "Bearer a.b.c"},
        {"authorization": "Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoic2VydmljZV9yb2xlIn0."},
        {"apikey": "sb_secret_guessed"},
    ],
)
async def test_a_token_that_proves_nothing_is_refused(
    project: Project, change: dict[str, str]
) -> None:
    answer = await put(project, "x", headers=change)
    assert (answer.status_code, answer.json()["statusCode"]) == (400, "403")
    assert answer.json()["error"] == "Unauthorized"
    assert project.kept() == []


async def test_an_expired_token_is_refused(project: Project) -> None:
    token = project.token(ANNA, seconds=-1)
    answer = await put(project, "x", headers={"authorization": f"Bearer {token}"})
    assert answer.json() == {
        "statusCode": "403",
        "error": "Unauthorized",
        "code": "AccessDenied",
        "message": "JWT expired",
    }


async def test_nothing_beyond_the_limit_is_kept_and_the_connection_goes_on(
    project: Project,
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield b"x" * 65536

    contents: tuple[bytes | AsyncIterator[bytes], ...] = (b"x" * 100_001, endless())
    for content in contents:
        answer = await put(project, "x", content)
        assert (answer.status_code, answer.json()["statusCode"]) == (400, "413")
        assert answer.json()["error"] == "Payload too large"
        assert project.kept() == []
    files = {"file": ("x", b"x" * 100_001, "text/plain")}
    answer = await ask(project, "POST", f"{BUCKET}/x", files=files)
    assert answer.json()["statusCode"] == "413"
    assert (await put(project, "x", b"x" * 100_000)).status_code == 200


async def test_who_may_not_write_is_stopped_before_the_body_reaches_the_disk(
    project: Project,
) -> None:
    kept: list[int] = []

    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * 5000
            await asyncio.sleep(0.02)
            kept.append(len(list(project.files.rglob("*.part"))))

    answer = await project.http.put(
        f"{project.url}{BUCKET}/x", content=slowly(), headers=project.headers(BORIS)
    )
    assert answer.json()["statusCode"] == "403"
    assert kept == [0] * 10


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/object/sign/box/x", {}),
        ("/object/sign/box/x", {"expiresIn": "soon"}),
        ("/object/sign/box", {"expiresIn": 60}),
        ("/object/sign/box", {"expiresIn": 60, "paths": []}),
        ("/object/sign/box", {"expiresIn": 60, "paths": [1]}),
        ("/object/sign/box", {"expiresIn": 60, "paths": ["a"] * 1001}),
        ("/object/sign/box", {"expiresIn": 60, "paths": ["\ud800"]}),
        ("/object/list/box", {"prefix": 1}),
        ("/object/list/box", {"prefix": "\x00"}),
        ("/object/list/box", {"prefix": "\ud800"}),
        ("/object/list/box", {"prefix": "", "limit": 0}),
        ("/object/list/box", {"prefix": "", "limit": 2**40}),
        ("/object/list/box", {"prefix": "", "offset": -1}),
        ("/object/list/box", {"prefix": "", "sortBy": {"column": "owner; drop table x"}}),
        ("/object/list/box", {"prefix": "", "sortBy": {"column": "name", "order": "up"}}),
        ("/object/list/box", {"prefix": "", "sortBy": "name"}),
    ],
)
async def test_a_question_with_wrong_fields_is_refused(
    project: Project, path: str, body: dict[str, Any]
) -> None:
    answer = await ask(project, "POST", f"/storage/v1{path}", content=json.dumps(body))
    assert (answer.status_code, answer.json()["statusCode"]) == (400, "400")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 200_000, b'{"prefix":"' + b"x" * 2**21]
)
async def test_a_body_that_is_no_json_object_is_refused(project: Project, content: bytes) -> None:
    for method, path in (
        ("POST", "/storage/v1/object/list/box"),
        ("POST", "/storage/v1/object/sign/box"),
        ("DELETE", BUCKET),
    ):
        answer = await ask(project, method, path, content=content)
        assert answer.status_code == 400
        assert answer.json()["statusCode"] in ("400", "413")


@pytest.mark.parametrize("prefix", ["%", "_", "'; drop table storage.objects; --", "a\\", "%%s"])
async def test_a_prefix_is_only_text(project: Project, prefix: str) -> None:
    await put(project, "a/b")
    body = json.dumps({"prefix": prefix, "search": prefix})
    answer = await ask(project, "POST", "/storage/v1/object/list/box", content=body)
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize("metadata", ['{"a": "\\u0000"}', '{"a": "\\ud800"}'])
async def test_metadata_that_postgres_cannot_hold_is_a_plain_error(
    project: Project, metadata: str
) -> None:
    files = {"metadata": (None, metadata), "file": ("x", b"x", "text/plain")}
    answer = await ask(project, "POST", f"{BUCKET}/x", files=files)
    assert (answer.status_code, answer.json()["statusCode"]) == (400, "400")
    assert project.kept() == []


@pytest.mark.parametrize("mime_type", ["text/plain\r\nX-Mine: 1", "text/\tplain", "a/b\x00"])
@pytest.mark.parametrize("name", ["x", "x/.emptyFolderPlaceholder"])
async def test_a_type_that_no_header_can_carry_is_refused(
    project: Project, mime_type: str, name: str
) -> None:
    form = {"contentType": mime_type}
    answer = await ask(
        project, "PUT", f"{BUCKET}/{name}", data=form, files={"file": ("x", b"", "text/plain")}
    )
    assert (answer.json()["statusCode"], project.kept()) == ("415", [])
