"""Storage through the unmodified client."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from storage3.exceptions import StorageApiError
from storage3.types import FileOptions, ListBucketFilesOptions

from tests.fixtures.plain_http import PLAIN
from tests.fixtures.postgres import Server
from tests.fixtures.supabase import Supabase
from tests.local.serving import ANNA, BORIS, Project, on_gateway, serving

POLICIES = (
    "insert into storage.buckets (id, name, file_size_limit, allowed_mime_types)"
    " values ('letters', 'letters', 1000000, array['text/*', 'image/png'])",
    *(
        f"create policy own_{command} on storage.objects for {command} to authenticated {check}"
        for command, check in {
            "select": "using (bucket_id = 'letters' and owner_id = (select auth.uid())::text)",
            "insert": "with check ((storage.foldername(name))[1] = (select auth.uid())::text)",
            "update": "using (owner_id = (select auth.uid())::text)",
            "delete": "using (owner_id = (select auth.uid())::text)",
        }.items()
    ),
)


@pytest.fixture(scope="module")
def gateway(supabase_bare: Supabase) -> Supabase:
    for statement in POLICIES:
        supabase_bare.execute(statement)
    return supabase_bare


@pytest.fixture
async def project(gateway: Supabase) -> AsyncIterator[Project]:
    async with on_gateway(gateway) as project:
        yield project


def path(person: uuid.UUID, name: str) -> str:
    return f"{person}/{name}"


async def test_files_keep_to_their_policies_on_both_versions(
    server: Server, tmp_path: Path
) -> None:
    async with serving(server.new_database(migrated=False), tmp_path) as project:
        project.owner(*POLICIES)
        mine = (await project.client(ANNA)).storage.from_("letters")
        theirs = (await project.client(BORIS)).storage.from_("letters")
        name = path(ANNA, "x.txt")
        await mine.upload(name, b"one")
        await mine.upload(name, b"two", {"upsert": "true"})
        assert await mine.download(name) == b"two"
        assert [row["name"] for row in await mine.list(str(ANNA))] == ["x.txt"]
        with pytest.raises(StorageApiError, match="row-level security"):
            await theirs.upload(name, b"three", {"upsert": "true"})
        assert await theirs.remove([name]) == []
        assert [row["name"] for row in await mine.remove([name])] == [name]


async def test_an_uploaded_file_comes_back_byte_for_byte(project: Project) -> None:
    letters = (await project.client(ANNA)).storage.from_("letters")
    content = bytes(range(256)) * 3000
    options: FileOptions = {"content-type": "image/png", "metadata": {"page": 1}}

    done = await letters.upload(path(ANNA, "a b+c.png"), content, options)

    assert done.full_path == f"letters/{path(ANNA, 'a b+c.png')}"
    assert await letters.download(path(ANNA, "a b+c.png")) == content
    info = await letters.info(path(ANNA, "a b+c.png"))
    assert (info["size"], info["content_type"]) == (len(content), "image/png")
    assert info["metadata"] == {"page": 1}
    assert info["cache_control"] == "max-age=3600"


async def test_a_file_is_invisible_to_another_person(project: Project) -> None:
    name = path(ANNA, "letter.txt")
    await (await project.client(ANNA)).storage.from_("letters").upload(name, b"dear")
    for other in (BORIS, None):
        letters = (await project.client(other)).storage.from_("letters")
        for attempt in (letters.download, letters.info):
            with pytest.raises(StorageApiError) as refused:
                await attempt(name)
            assert (refused.value.status, refused.value.code) == ("404", "not_found")
        assert await letters.exists(name) is False
        assert await letters.list(str(ANNA)) == []
        assert await letters.remove([name]) == []
        with pytest.raises(StorageApiError, match="Object not found"):
            await letters.create_signed_url(name, 60)
    assert await (await project.client(ANNA)).storage.from_("letters").download(name) == b"dear"


async def test_writing_where_the_policy_says_no_leaves_neither_row_nor_bytes(
    project: Project,
) -> None:
    letters = (await project.client(BORIS)).storage.from_("letters")
    ways: list[FileOptions] = [{}, {"upsert": "true"}]
    for options in ways:
        with pytest.raises(StorageApiError, match="row-level security") as refused:
            await letters.upload(path(ANNA, "x.txt"), b"x", options)
        assert (refused.value.status, refused.value.code) == ("403", "Unauthorized")
    assert project.rows("select 1 from storage.objects") == []
    assert project.kept() == []


async def test_the_same_name_twice_is_a_duplicate_unless_upsert(project: Project) -> None:
    letters = (await project.client(ANNA)).storage.from_("letters")
    name = path(ANNA, "x.txt")
    await letters.upload(name, b"one")
    with pytest.raises(StorageApiError) as refused:
        await letters.upload(name, b"two")
    assert (refused.value.status, refused.value.code) == ("409", "Duplicate")
    assert await letters.download(name) == b"one"

    await letters.upload(name, b"three", {"upsert": "true"})
    assert await letters.download(name) == b"three"
    await letters.update(name, b"four")
    assert await letters.download(name) == b"four"
    assert project.kept() == [b"four"], "replaced bytes are removed"


async def test_a_signed_link_opens_one_file_without_signing_in(project: Project) -> None:
    letters = (await project.client(ANNA)).storage.from_("letters")
    name, other = path(ANNA, "a b.txt"), path(ANNA, "other.txt")
    await letters.upload(name, b"hello")
    await letters.upload(other, b"secret")
    link = (await letters.create_signed_url(name, 60, {"download": "für dich.txt"}))["signedURL"]
    assert link is not None
    async with httpx.AsyncClient(verify=PLAIN) as anybody:
        answer = await anybody.get(link)
        assert answer.content == b"hello"
        disposition = answer.headers["content-disposition"]
        assert disposition.endswith("filename*=UTF-8''f%C3%BCr%20dich.txt")
        assert "max-age" not in answer.headers["cache-control"]
        elsewhere = await anybody.get(link.replace("a%20b.txt", "other.txt"))
        assert elsewhere.json()["error"] == "InvalidSignature"
        assert b"secret" not in elsewhere.content


async def test_signed_links_for_many_say_which_do_not_exist(project: Project) -> None:
    letters = (await project.client(ANNA)).storage.from_("letters")
    name, missing = path(ANNA, "a.txt"), path(ANNA, "missing.txt")
    await letters.upload(name, b"hello")
    good, bad = await letters.create_signed_urls([name, missing], 60)
    assert (good["error"], good["path"]) == (None, name)
    assert good["signedURL"] is not None
    assert (await project.http.get(good["signedURL"])).content == b"hello"
    assert (bad["path"], bad["signedURL"]) == (missing, None)
    assert bad["error"] == "Either the object does not exist or you do not have access to it"


async def test_a_list_shows_files_and_folders_of_one_folder(project: Project) -> None:
    letters = (await project.client(ANNA)).storage.from_("letters")
    for name in ("b.txt", "A.txt", "in/c.txt", "in/deep/d.txt"):
        await letters.upload(path(ANNA, name), name.encode())

    found = await letters.list(str(ANNA))
    assert [(row["name"], row["id"] is None) for row in found] == [
        ("A.txt", False),
        ("b.txt", False),
        ("in", True),
    ]
    assert found[1]["metadata"]["size"] == 5
    assert [row["name"] for row in await letters.list(f"{ANNA}/in/")] == ["c.txt", "deep"]
    assert [row["name"] for row in await letters.list()] == [str(ANNA)]
    second = await letters.list(str(ANNA), {"limit": 1, "offset": 1})
    assert [row["name"] for row in second] == ["b.txt"]
    newest: ListBucketFilesOptions = {"sortBy": {"column": "created_at", "order": "desc"}}
    assert [row["name"] for row in await letters.list(str(ANNA), newest)] == [
        "in",
        "A.txt",
        "b.txt",
    ]
    assert [row["name"] for row in await letters.list(str(ANNA), {"search": "a"})] == ["A.txt"]


async def test_removed_files_are_gone_with_their_bytes(project: Project) -> None:
    letters = (await project.client(ANNA)).storage.from_("letters")
    name = path(ANNA, "x.txt")
    await letters.upload(name, b"x")
    gone = await letters.remove([name, path(ANNA, "never.txt")])
    assert [row["name"] for row in gone] == [name]
    assert await letters.exists(name) is False
    assert project.kept() == []


async def test_a_bucket_refuses_types_and_sizes_it_does_not_take(project: Project) -> None:
    letters = (await project.client(ANNA)).storage.from_("letters")
    with pytest.raises(
        StorageApiError, match="mime type application/pdf is not supported"
    ) as refused:
        await letters.upload(path(ANNA, "x.pdf"), b"%PDF", {"content-type": "application/pdf"})
    assert (refused.value.status, refused.value.code) == ("415", "invalid_mime_type")
    with pytest.raises(StorageApiError, match="maximum allowed size") as refused:
        await letters.upload(path(ANNA, "x.txt"), b"x" * 1_000_001, {"content-type": "text/plain"})
    assert (refused.value.status, refused.value.code) == ("413", "Payload too large")
    await letters.upload(path(ANNA, "x.txt"), b"x" * 1_000_000, {"content-type": "text/plain"})
    assert len(project.rows("select 1 from storage.objects")) == 1


async def test_buckets_follow_their_own_policies(project: Project) -> None:
    client = await project.client(ANNA)
    with pytest.raises(StorageApiError, match="Bucket not found"):
        await client.storage.get_bucket("letters")
    project.owner(
        "create policy see on storage.buckets for select to authenticated using (id = 'letters')"
    )
    bucket = await client.storage.get_bucket("letters")
    assert (bucket.id, bucket.public, bucket.file_size_limit) == ("letters", False, 1_000_000)
    assert [found.id for found in await client.storage.list_buckets()] == ["letters"]
    nowhere = client.storage.from_("nowhere")
    with pytest.raises(StorageApiError, match="Bucket not found"):
        await nowhere.download("x")
    with pytest.raises(StorageApiError, match="Bucket not found"):
        await nowhere.upload("x", b"x")
