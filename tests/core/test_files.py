"""Files go through Storage with a person's own rights, and only the types the app takes."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from supabase import AsyncClient

from app.core.errors import Conflict, Invalid, NotAllowed, NotFound
from app.core.file_types import file_type
from app.core.files import LARGEST_BYTES, Files
from app.core.http import Backend, open_http
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.supabase import Supabase

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
BUCKET = "core-files"


@pytest_asyncio.fixture
async def bare(supabase_bare: Supabase) -> AsyncIterator[Backend]:
    supabase_bare.execute(
        "insert into storage.buckets (id, name, public) values (%s, %s, false)"
        " on conflict do nothing",
        BUCKET,
        BUCKET,
    )
    supabase_bare.execute('drop policy if exists "own core files" on storage.objects')
    supabase_bare.execute(
        f'create policy "own core files" on storage.objects to authenticated'
        f" using (bucket_id = '{BUCKET}' and owner_id = (select auth.uid())::text)"
        f" with check (bucket_id = '{BUCKET}' and owner_id = (select auth.uid())::text)"
    )
    async with open_http(supabase_bare.url) as connections:
        yield Backend(supabase_bare.url, supabase_bare.anon_key, connections)
    supabase_bare.execute('drop policy "own core files" on storage.objects')


def files_of(backend: Backend, token: str | None) -> Files:
    client = backend.client(token)

    async def give() -> AsyncClient:
        return client

    return Files(give, BUCKET)


async def test_a_file_comes_back_as_it_was_to_its_owner_alone(
    bare: Backend, supabase_bare: Supabase
) -> None:
    owner = files_of(bare, supabase_bare.token(sub=str(uuid4())))
    stranger = files_of(bare, supabase_bare.token(sub=str(uuid4())))
    path = f"{uuid4()}/scan.png"
    assert await owner.upload(path, PNG) == "image/png"
    assert await owner.download(path) == PNG
    with pytest.raises(NotFound):
        await stranger.download(path)
    with pytest.raises(NotFound):
        await stranger.link(path)
    await stranger.remove(path)
    assert await owner.download(path) == PNG
    await owner.remove(path)
    with pytest.raises(NotFound):
        await owner.download(path)


async def test_a_file_is_never_replaced(bare: Backend, supabase_bare: Supabase) -> None:
    owner = files_of(bare, supabase_bare.token(sub=str(uuid4())))
    path = f"{uuid4()}/scan.png"
    await owner.upload(path, PNG)
    with pytest.raises(Conflict, match="already_there"):
        await owner.upload(path, PNG + b"2")
    assert await owner.download(path) == PNG


async def test_a_link_works_for_anybody(bare: Backend, supabase_bare: Supabase) -> None:
    owner = files_of(bare, supabase_bare.token(sub=str(uuid4())))
    path = f"{uuid4()}/scan.png"
    await owner.upload(path, PNG)
    link = await owner.link(path, 60)
    async with httpx.AsyncClient(verify=PLAIN) as anybody:
        answer = await anybody.get(link)
    assert answer.content == PNG
    with pytest.raises(ValueError, match="link"):
        await owner.link(path, 3601)


async def test_nobody_may_upload(bare: Backend) -> None:
    with pytest.raises(NotAllowed):
        await files_of(bare, None).upload(f"{uuid4()}/scan.png", PNG)


@pytest.mark.parametrize(
    "path",
    ["", "/a", "a/../b", "..", "a//b", "Zeugnis Amina.png", "a/é.png", "a" * 81, "a/b%2f.png"],
)
async def test_a_path_of_another_form_is_refused(bare: Backend, path: str) -> None:
    with pytest.raises(Invalid, match="not_valid"):
        await files_of(bare, None).upload(path, PNG)


async def test_a_file_that_is_too_large_is_refused_before_it_is_sent(bare: Backend) -> None:
    with pytest.raises(Invalid) as caught:
        await files_of(bare, None).upload("a/b.png", PNG + bytes(LARGEST_BYTES))
    assert (caught.value.code, caught.value.fields) == ("too_large", {"longest": LARGEST_BYTES})


@pytest.mark.parametrize(
    ("start", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "audio/webm"),
    ],
)
def test_the_type_is_told_by_the_first_bytes(start: bytes, media_type: str) -> None:
    assert file_type(start + bytes(100)) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        b"GIF89a",
        b" %PDF-1.7",
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
    ],
)
def test_every_other_type_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="type_not_allowed"):
        file_type(content)
