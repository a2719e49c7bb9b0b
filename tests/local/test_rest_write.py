"""Writing one row's worth: insert, update and delete under Row Level Security."""

import contextlib
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from postgrest import APIError
from postgrest.types import CountMethod, ReturnMethod
from supabase import AsyncClient

from tests.fixtures.supabase import Supabase


@pytest.fixture
def owner() -> str:
    return str(uuid.uuid4())


@pytest.fixture
async def client(rest: Supabase, owner: str) -> AsyncClient:
    return await rest.client(rest.token(sub=owner))


def kept(rest: Supabase, owner: str) -> list[str]:
    rows = rest.execute(
        "select text from public.diary where owner = %s order by id", owner, user="supabase_admin"
    )
    return [row[0] for row in rows]


def column(answer: Any, name: str) -> list[Any]:
    return [row[name] for row in answer.data]


async def made(client: AsyncClient, text: str, **more: Any) -> Any:
    return (await client.table("diary").insert({"text": text, **more}).execute()).data[0]


async def test_an_insert_gives_the_row_back_with_its_defaults(
    rest: Supabase, client: AsyncClient, owner: str
) -> None:
    row = await made(client, "Grüße 'from' \"here\"; -- %s \\ \t\n", size="12.5")
    assert (row["owner"], row["size"]) == (owner, 12.5)
    assert kept(rest, owner) == ["Grüße 'from' \"here\"; -- %s \\ \t\n"]


async def test_a_list_of_one_row_is_that_row(
    rest: Supabase, client: AsyncClient, owner: str
) -> None:
    answer = await client.table("diary").insert([{"text": "one", "mood": "calm"}]).execute()
    assert column(answer, "mood") == ["calm"]
    assert kept(rest, owner) == ["one"]


async def test_numbers_keep_every_digit_of_the_body(rest: Supabase, client: AsyncClient) -> None:
    rest.execute(
        "create table public.exact (n numeric); notify pgrst;"
        "grant insert, select on public.exact to authenticated"
    )
    rest.wait_until_known("exact")
    body = '[ {"n": 0.1000000000000000055511151231257827} ]'
    await rest.send(
        "POST",
        "/rest/v1/exact",
        rest.token(),
        content=body,
        headers={"content-type": "application/json"},
    )
    [[kept_number]] = rest.execute("select n::text from public.exact")
    assert kept_number == "0.1000000000000000055511151231257827"


async def test_returning_minimal_needs_no_right_to_read(rest: Supabase) -> None:
    dropbox = (await rest.client()).table("dropbox")
    answer = await dropbox.insert({"said": "x"}, returning=ReturnMethod.minimal).execute()
    assert answer.data == []
    with pytest.raises(APIError) as caught:
        await dropbox.insert({"said": "y"}).execute()
    assert caught.value.code == "42501"
    assert rest.execute("select said from public.dropbox") == [("x",)]


async def test_select_narrows_what_a_write_gives_back(client: AsyncClient) -> None:
    row = await made(client, "first")
    diary = client.table("diary")
    changed = await diary.update({"text": "second"}).eq("id", row["id"]).select("text").execute()
    assert changed.data == [{"text": "second"}]


async def test_a_row_without_values_takes_all_defaults(rest: Supabase) -> None:
    rest.execute(
        "create table public.blank (id int default 7, b text default 'x');"
        "grant all on public.blank to anon; notify pgrst"
    )
    rest.wait_until_known("blank")
    answer = await (await rest.client()).table("blank").insert({}).execute()
    assert answer.data == [{"id": 7, "b": "x"}]


@pytest.mark.parametrize(
    ("method", "prefer", "status", "content_range", "length"),
    [
        # PostgREST's InsertSpec, UpdateSpec and DeleteSpec.
        ("POST", "return=minimal", 201, "*/*", "0"),
        ("POST", "return=minimal,count=exact", 201, "*/1", "0"),
        ("PATCH", "return=minimal", 204, "0-0/*", None),
        ("PATCH", "return=minimal,count=exact", 204, "0-0/1", None),
        ("DELETE", "return=minimal", 204, "*/*", None),
        ("DELETE", "return=minimal, count=exact", 204, "*/1", None),
    ],
)
async def test_a_minimal_answer_has_upstreams_status_and_headers(
    rest: Supabase,
    client: AsyncClient,
    owner: str,
    method: str,
    prefer: str,
    status: int,
    content_range: str,
    length: str | None,
) -> None:
    row = await made(client, "x")
    query = "" if method == "POST" else f"?id=eq.{row['id']}"
    answer = await rest.send(
        method,
        f"/rest/v1/diary{query}",
        rest.token(sub=owner),
        headers={"prefer": prefer},
        json={"text": "y"},
    )
    assert (answer.status_code, answer.content) == (status, b"")
    assert answer.headers["content-range"] == content_range
    assert answer.headers["preference-applied"] == prefer.replace(",", ", ").replace("  ", " ")
    assert answer.headers.get("content-length") == length
    assert "content-type" not in answer.headers


async def test_an_update_changes_only_what_the_filter_finds(
    rest: Supabase, client: AsyncClient, owner: str
) -> None:
    first, second = await made(client, "a"), await made(client, "b")
    answer = (
        await client.table("diary")
        .update({"text": "c", "mood": None})
        .eq("id", first["id"])
        .execute()
    )
    assert column(answer, "id") == [first["id"]]
    assert kept(rest, owner) == ["c", "b"]
    counted = (
        await client.table("diary")
        .update({"text": "d"}, count=CountMethod.exact)
        .in_("id", [first["id"], second["id"]])
        .execute()
    )
    assert counted.count == 2


async def test_an_update_with_nothing_to_set_changes_nothing(
    rest: Supabase, client: AsyncClient, owner: str
) -> None:
    row = await made(client, "a")
    answer = await client.table("diary").update({}).eq("id", row["id"]).execute()
    assert answer.data == []
    assert kept(rest, owner) == ["a"]


async def test_a_delete_gives_back_what_it_removed(
    rest: Supabase, client: AsyncClient, owner: str
) -> None:
    first, second = await made(client, "a"), await made(client, "b")
    answer = await client.table("diary").delete().eq("id", first["id"]).execute()
    assert answer.data == [first]
    assert kept(rest, owner) == [second["text"]]


async def test_without_a_filter_nothing_is_updated_or_deleted(
    rest: Supabase, client: AsyncClient, owner: str
) -> None:
    await made(client, "a")
    for request, verb in (
        (client.table("diary").update({"text": "z"}), "UPDATE"),
        (client.table("diary").delete(), "DELETE"),
    ):
        with pytest.raises(APIError) as caught:
            await request.execute()
        assert caught.value.json() == {
            "code": "21000",
            "message": f"{verb} requires a WHERE clause",
            "details": None,
            "hint": None,
        }
    assert kept(rest, owner) == ["a"]


async def test_single_on_a_write_of_another_number_of_rows_writes_nothing(
    rest: Supabase, client: AsyncClient, owner: str
) -> None:
    await made(client, "a")
    await made(client, "b")
    for request in (
        client.table("diary").update({"text": "z"}).gt("id", 0),
        client.table("diary").delete().gt("id", 0),
    ):
        with pytest.raises(APIError) as caught:
            await request.single().execute()
        assert (caught.value.code, caught.value.details) == (
            "PGRST116",
            "The result contains 2 rows",
        )
    assert kept(rest, owner) == ["a", "b"]
    one = await client.table("diary").insert({"text": "c"}).select("text").single().execute()
    assert one.data == {"text": "c"}


async def test_nobody_writes_another_persons_rows(
    rest: Supabase, client: AsyncClient, owner: str
) -> None:
    row = await made(client, "mine")
    thief = await rest.client(rest.token(sub=str(uuid.uuid4())))
    assert (
        await thief.table("diary").update({"text": "x"}).eq("id", row["id"]).execute()
    ).data == []
    assert (await thief.table("diary").delete().eq("id", row["id"]).execute()).data == []
    with pytest.raises(APIError) as caught:
        await made(thief, "planted", owner=owner)
    assert caught.value.code == "42501"
    assert kept(rest, owner) == ["mine"]


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        ({"text": None}, "23502", 'null value in column "text"'),
        ({"text": ""}, "23514", "violates check constraint"),
        ({"text": "x", "size": "wide"}, "22P02", "invalid input syntax for type numeric"),
        ({"text": "x", "size": 10_000}, "22003", "numeric field overflow"),
        ({"text": "x", "nope": 1}, "PGRST204", "Could not find the 'nope' column of 'diary'"),
        ({"text": "nul \0 inside"}, "22P05", "unsupported Unicode escape sequence"),
    ],
)
async def test_a_row_that_cannot_be_is_refused_in_postgres_words(
    rest: Supabase, client: AsyncClient, owner: str, row: dict[str, Any], code: str, said: str
) -> None:
    with pytest.raises(APIError) as caught:
        await client.table("diary").insert(row).execute()
    assert caught.value.code == code
    assert said in str(caught.value.message)
    assert kept(rest, owner) == []


async def test_a_row_that_exists_already_is_a_conflict(
    rest: Supabase, client: AsyncClient, owner: str
) -> None:
    await made(client, "a", mood="calm")
    answer = await rest.send(
        "POST", "/rest/v1/diary", rest.token(sub=owner), json={"text": "b", "mood": "calm"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "23505")
    assert answer.headers["proxy-status"] == "PostgREST; error=23505"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "PGRST102"),
        (b"{", 400, "PGRST102"),
        (b"1", 400, "PGRST102"),
        (b'"text"', 400, "PGRST102"),
        (b"null", 400, "PGRST102"),
        (b"[1]", 400, "PGRST102"),
        (b'{"text": NaN}', 400, "PGRST102"),
        (b'{"text": "\xff"}', 400, "PGRST102"),
        (b'{"text": "\xed\xa0\x80"}', 400, "PGRST102"),
        (b'{"text": "\0"}', 400, "PGRST102"),
        (b'{"text": "\\ud800"}', 400, "22P02"),
        (b'{"text": "\\udc00\\ud800"}', 400, "22P02"),
        (b'{"text": "\\u0000"}', 400, "22P05"),
        (b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "PGRST102"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "PGRST102"),
        (b"[]", 501, "PGRST127"),
        (b'[{"text": "a"}, {"text": "b"}]', 501, "PGRST127"),
    ],
)
async def test_a_body_that_is_no_row_is_refused(
    rest: Supabase, owner: str, body: bytes, status: int, code: str
) -> None:
    answer = await rest.send(
        "POST",
        "/rest/v1/diary",
        rest.token(sub=owner),
        content=body,
        headers={"content-type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert kept(rest, owner) == []


async def test_control_characters_are_text_like_any_other(
    rest: Supabase, client: AsyncClient, owner: str
) -> None:
    text = "".join(map(chr, range(1, 32))) + "\x7f\u0085\u2028\U0001f600"
    await made(client, text)
    assert kept(rest, owner) == [text]


async def test_a_body_up_to_a_megabyte_is_taken_and_a_larger_one_not(
    rest: Supabase, client: AsyncClient, owner: str
) -> None:
    await made(client, "x" * 1_000_000)
    for size in (1_100_000, 10_000_000):
        answer = await rest.send(
            "POST", "/rest/v1/diary", rest.token(sub=owner), json={"text": "x" * size}
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "PGRST102")
    assert [len(text) for text in kept(rest, owner)] == [1_000_000]


async def test_a_body_of_unknown_length_is_refused_while_it_streams(
    rest: Supabase, owner: str
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield b" " * 65_536

    answer = await rest.send(
        "POST",
        "/rest/v1/diary",
        rest.token(sub=owner),
        content=pieces(),
        headers={"content-type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "PGRST102")


async def test_a_body_without_end_ends_with_its_connection(rest: Supabase) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            yield b" " * 65_536
            sent += 65_536
            assert sent < 200_000_000

    with contextlib.suppress(httpx.TransportError):
        answer = await rest.send("POST", "/rest/v1/diary", rest.token(), content=endless())
        assert answer.status_code == 413
    assert sent > 1_048_576


@pytest.mark.parametrize(
    ("content_type", "status", "code"),
    [
        ("application/json; charset=utf-8", 201, None),
        ("application/xml", 400, "PGRST102"),
        ("multipart/form-data; boundary=x", 400, "PGRST102"),
        ("text/csv", 501, "PGRST127"),
        ("application/x-www-form-urlencoded", 501, "PGRST127"),
    ],
)
async def test_only_json_bodies_are_read(
    rest: Supabase, owner: str, content_type: str, status: int, code: str | None
) -> None:
    answer = await rest.send(
        "POST",
        "/rest/v1/diary",
        rest.token(sub=owner),
        content=b'{"text": "x"}',
        headers={"content-type": content_type},
    )
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code
