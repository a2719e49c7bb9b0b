"""What a download answers: headers, parts, and one whole file whoever writes meanwhile."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.local.config import Config
from tests.fixtures.postgres import Dsn, Server
from tests.local.serving import Project, serving
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


async def test_a_page_that_somebody_uploads_is_sent_as_text(project: Project) -> None:
    await put(project, "x", b"<script>", headers={"content-type": "text/html; charset=utf-8"})
    answer = await ask(project, "GET", f"{BUCKET}/x")
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"] == "no-store"


async def test_parts_and_unchanged_files_are_answered_as_http_says(project: Project) -> None:
    await put(project, "x", b"0123456789")

    async def get(**headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await ask(project, "GET", f"{BUCKET}/x", headers=named)

    whole = await get()
    assert (whole.status_code, whole.content) == (200, b"0123456789")
    for spec, expected in {"2-4": b"234", "7-": b"789", "-2": b"89", "8-99": b"89"}.items():
        part = await get(range=f"bytes={spec}")
        assert (part.status_code, part.content) == (206, expected), spec
        assert part.headers["content-range"].endswith("/10")
    for spec in ("bytes=1-2,4-5", "lines=1-2", "bytes=x-2", "bytes=-"):
        assert (await get(range=spec)).status_code == 200
    for spec in ("bytes=10-", "bytes=5-4", f"bytes={'9' * 50}-"):
        assert (await get(range=spec)).json()["error"] == "invalid_range"
    tag = whole.headers["etag"]
    assert (await get(if_none_match=f'"other", W/{tag}')).status_code == 304
    assert (await get(if_none_match='"other"')).status_code == 200
    assert (await get(if_modified_since=whole.headers["last-modified"])).status_code == 304
    assert (await get(if_modified_since="nonsense")).status_code == 200
    assert (await get(range="bytes=2-4", if_range='"old"')).content == b"0123456789"
    head = await ask(project, "HEAD", f"{BUCKET}/x")
    assert (head.headers["content-length"], head.content) == ("10", b"")


async def test_a_row_without_its_bytes_is_not_found(project: Project) -> None:
    await put(project, "x")
    for file in project.files.rglob("*"):
        if file.is_file():
            file.unlink()
    answer = await ask(project, "GET", f"{BUCKET}/x")
    assert (answer.status_code, answer.json()["statusCode"]) == (400, "404")


async def test_many_writers_of_one_name_leave_one_whole_file(project: Project) -> None:
    contents = [bytes([65 + number]) * 50_000 for number in range(8)]
    answers = await asyncio.gather(*(put(project, "x", content) for content in contents))
    assert {answer.status_code for answer in answers} == {200}
    [kept] = project.kept()
    assert kept in contents
    assert (await ask(project, "GET", f"{BUCKET}/x")).content == kept


async def test_readers_never_meet_a_replaced_file_half(project: Project) -> None:
    await put(project, "x", b"A" * 90_000)
    ends = time.monotonic() + 1.5

    async def write() -> None:
        while time.monotonic() < ends:
            await put(project, "x", uuid.uuid4().bytes[:1] * 90_000)

    async def read() -> int:
        count = 0
        while time.monotonic() < ends:
            answer = await ask(project, "GET", f"{BUCKET}/x")
            assert (answer.status_code, len(answer.content)) == (200, 90_000), answer.text[:200]
            assert len(set(answer.content)) == 1
            count += 1
        return count

    _, *counts = await asyncio.gather(write(), read(), read())
    assert min(count for count in counts if count is not None) > 5
