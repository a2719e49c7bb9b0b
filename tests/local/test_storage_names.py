"""Names, signed links and the bytes on the disk, without a server."""

import asyncio
import os
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.local.storage import links, paths
from app.local.storage.disk import Disk
from app.local.storage.errors import StorageError

SECRET = b"s" * 32


@pytest.mark.parametrize(
    "name",
    ["a", "a/b.txt", "a b/(c)'d'.txt", "!-_.*'()&$@=;:+,?x", "..a/b..", "a" * 1024],
)
def test_a_good_name_is_kept_as_it_is(name: str) -> None:
    assert paths.object_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a/..",
        "a\x00b", "a\nb", "a\\b", "a%2e", "ü", "a\u202eb", "\ud800", "a" * 1025, "a#b", "a|b",
    ],
)  # fmt: skip
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(StorageError) as refused:
        paths.object_name(name)
    assert (refused.value.status, refused.value.code) == (400, "InvalidKey")
    assert refused.value.response().body


@given(st.text(max_size=40))
def test_a_name_never_leads_out_of_its_folder(name: str) -> None:
    try:
        kept = paths.object_name(name)
    except StorageError:
        return
    assert os.path.normpath(f"/store/{kept}") == f"/store/{kept}"


@pytest.mark.parametrize("name", ["", "a/b", "..\x00", "ü", "b" * 101])
def test_a_bad_bucket_is_refused(name: str) -> None:
    with pytest.raises(StorageError, match="Bucket name invalid"):
        paths.bucket_name(name)


@given(st.text(max_size=20))
def test_a_download_name_cannot_write_headers(name: str) -> None:
    header = paths.content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count(";") == (2 if name else 1)


def token(**claims: object) -> str:
    now = int(time.time())
    good = {"url": "b/a", "scope": "download", "iat": now, "exp": now + 60}
    return jwt.encode({**good, **claims}, SECRET, algorithm="HS256")


def test_a_link_opens_its_object_only() -> None:
    path, _, token = links.sign(SECRET, "b", "a b?.txt", 60).partition("?token=")
    assert path == "/object/sign/b/a%20b%3F.txt"
    links.check(SECRET, token, "b", "a b?.txt")
    for bucket, name in (("b", "a b"), ("c", "a b?.txt"), ("b/a b?.txt", "")):
        with pytest.raises(StorageError, match="Invalid signature"):
            links.check(SECRET, token, bucket, name)


@pytest.mark.parametrize(
    "bad",
    [
        "", "a.b.c", "\ud800.a.b",
        token(exp=int(time.time()) - 1), token(exp="soon"), token(scope="upload"),
        jwt.encode({"url": "b/a", "scope": "download"}, SECRET, algorithm="HS256"),
        jwt.encode({"url": "b/a", "scope": "download", "exp": 2**40}, b"x" * 32, algorithm="HS256"),
        jwt.encode({"url": "b/a", "scope": "download", "exp": 2**40}, "", algorithm="none"),
        jwt.encode({"url": "b/a", "scope": "download", "exp": 2**40}, b"s" * 64, algorithm="HS512"),
    ],
)  # fmt: skip
def test_a_forged_or_expired_link_is_refused(bad: str) -> None:
    with pytest.raises(StorageError) as refused:
        links.check(SECRET, bad, "b", "a")
    assert refused.value.code in ("InvalidJWT", "InvalidSignature")


@pytest.mark.parametrize(
    "life", [None, 0, -1, 1.5, True, "", "1.5", "-1", "٣", "9" * 30, [], 2**60]
)
def test_a_link_lives_a_whole_number_of_seconds(life: object) -> None:
    with pytest.raises(StorageError, match="expiresIn"):
        links.seconds(life)
    assert (links.seconds("60"), links.seconds(60)) == (60, 60)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_bytes_are_there_whole_or_not_at_all(tmp_path: Path) -> None:
    disk, version = Disk(tmp_path), uuid.uuid4()
    assert await disk.write(version, pieces(b"a" * 300_000, b"b"), 300_001) == 300_001
    with disk.open(version) as file:
        assert file.read() == b"a" * 300_000 + b"b"

    async def broken() -> AsyncIterator[bytes]:
        yield b"a" * 300_000
        raise RuntimeError("gone")

    with pytest.raises(StorageError, match="maximum allowed size"):
        await disk.write(uuid.uuid4(), pieces(b"abc"), 2)
    with pytest.raises(RuntimeError):
        await disk.write(uuid.uuid4(), broken(), 2**30)
    assert len(files(tmp_path)) == 1


async def test_a_sweep_removes_what_no_row_names(tmp_path: Path) -> None:
    disk, kept, lost = Disk(tmp_path), uuid.uuid4(), uuid.uuid4()
    await disk.write(kept, pieces(b"kept"), 10)
    await disk.write(lost, pieces(b"lost"), 10)
    (tmp_path / kept.hex[:2] / f"{uuid.uuid4().hex}.part").write_bytes(b"half")

    assert await asyncio.to_thread(disk.sweep, {kept.hex}) == 2

    with disk.open(kept) as file:
        assert file.read() == b"kept"
    with pytest.raises(FileNotFoundError):
        disk.open(lost)


FILL = """
import asyncio, sys, uuid
from pathlib import Path
from app.local.storage.disk import Disk
from app.local.storage.errors import StorageError

async def endless():
    while True:
        yield b"x" * 65536

async def once():
    yield b"kept"

async def main(folder):
    disk, kept = Disk(folder), uuid.uuid4()
    await disk.write(kept, once(), 10)
    try:
        await disk.write(uuid.uuid4(), endless(), 2**40)
    except StorageError as error:
        print(error.status, error.code, error.message, sep="|")
    print([path.read_bytes() for path in folder.rglob("*") if path.is_file()])
    print(await disk.write(uuid.uuid4(), once(), 10))

asyncio.run(main(Path(sys.argv[1])))
"""


@pytest.mark.destructive
def test_a_full_disk_is_told_and_costs_only_the_file_that_did_not_fit(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *("unshare", "--user", "--map-root-user", "--mount", "sh", "-ec"),
            'mount -t tmpfs -o size=32m full "$1"; exec "$2" -c "$3" "$1"',
            *("sh", str(tmp_path), sys.executable, FILL),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "500|InternalError|The file could not be written or read",
        "[b'kept']",
        "4",
    ]
