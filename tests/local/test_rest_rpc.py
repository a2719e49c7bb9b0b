"""Calling functions by POST and GET. Shapes after PostgREST's RpcSpec."""

import uuid
from typing import Any

import pytest
from postgrest import APIError
from postgrest.types import CountMethod

from tests.fixtures.supabase import Supabase


async def call(rest: Supabase, name: str, arguments: dict[str, Any], **options: Any) -> Any:
    return (await (await rest.client()).rpc(name, arguments, **options).execute()).data


@pytest.mark.parametrize("get", [False, True])
async def test_a_scalar_comes_bare_and_defaults_fill_in(rest: Supabase, get: bool) -> None:
    assert await call(rest, "add", {"a": 1}, get=get) == 11
    assert await call(rest, "add", {"b": 5, "a": 1}, get=get) == 6


@pytest.mark.parametrize("get", [False, True])
async def test_sets_are_lists_and_one_composite_is_an_object(rest: Supabase, get: bool) -> None:
    assert await call(rest, "numbers", {"up_to": 3}, get=get) == [1, 2, 3]
    assert await call(rest, "pairs", {}, get=get) == [
        {"x": 1, "y": "one"},
        {"x": 2, "y": "two"},
    ]
    assert await call(rest, "pair", {}, get=get) == {"x": 1, "y": "two"}
    film = await call(rest, "film", {"p_id": 2}, get=get)
    assert (film["id"], film["title"]) == (2, "Brazil")
    assert await call(rest, "numbers", {"up_to": 0}, get=get) == []


async def test_void_is_204_without_a_body(rest: Supabase) -> None:
    answer = await rest.send("POST", "/rest/v1/rpc/nothing", json={})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-type" not in answer.headers
    assert await call(rest, "nothing", {}) == []


async def test_no_body_at_all_is_a_call_without_arguments(rest: Supabase) -> None:
    answer = await rest.send("POST", "/rest/v1/rpc/pair")
    assert (answer.status_code, answer.json()) == (200, {"x": 1, "y": "two"})


async def test_json_arguments_become_their_declared_types(rest: Supabase) -> None:
    given = {
        "p_json": {"k": [1, None]},
        "p_jsonb": {"b": 1, "a": 2},
        "p_list": [1, 2],
        "p_words": ["x", 'y "z"', "a,b"],
        "p_code": "abcdef",
        "p_day": "2026-02-28",
        "p_text": "%s $1 \\ 'q'",
    }
    assert await call(rest, "echo", given) == {
        "json": {"k": [1, None]},
        "jsonb": {"a": 2, "b": 1},
        "list": [1, 2],
        "words": ["x", 'y "z"', "a,b"],
        "code": "abcdef",
        "day": "2026-02-28",
        "text": "%s $1 \\ 'q'",
    }
    answer = await call(rest, "echo", {"p_list": None, "p_text": None})
    assert (answer["list"], answer["text"]) == (None, None)


async def test_get_arguments_are_literals_of_their_declared_types(rest: Supabase) -> None:
    given = {"p_list": [1, 2], "p_words": ["x", 'y "z"'], "p_jsonb": {"k": 1}, "p_text": "a b"}
    answer = await call(rest, "echo", given, get=True)
    assert (answer["list"], answer["words"]) == ([1, 2], ["x", 'y "z"'])
    assert (answer["jsonb"], answer["text"]) == ({"k": 1}, "a b")


async def test_a_call_knows_its_request(rest: Supabase) -> None:
    token = rest.token(sub="00000000-0000-4000-8000-000000000001", app_metadata={"x": "ü"})
    answer = await rest.send(
        "POST", "/rest/v1/rpc/context", token, json={}, headers={"cookie": "a=1; b=2", "X-Own": "y"}
    )
    seen = answer.json()
    assert (seen["login"], seen["role"], seen["timeout"]) == (
        "authenticator",
        "authenticated",
        "8s",
    )
    assert seen["search_path"] == '"public", "public", "extensions"'
    assert seen["claims"]["sub"] == "00000000-0000-4000-8000-000000000001"
    assert (seen["claims"]["role"], seen["claims"]["app_metadata"]) == ("authenticated", {"x": "ü"})
    assert (seen["method"], seen["path"]) == ("POST", "/rpc/context")
    assert (seen["headers"]["x-own"], seen["cookies"]) == ("y", {"a": "1", "b": "2"})
    assert "cookie" not in seen["headers"]


async def test_each_role_has_its_own_settings(rest: Supabase) -> None:
    anon = (await rest.send("GET", "/rest/v1/rpc/context")).json()
    assert (anon["role"], anon["timeout"], anon["claims"]) == ("anon", "3s", {"role": "anon"})
    headers = {"apikey": rest.secret_key, "authorization": f"Bearer {rest.secret_key}"}
    rest.execute("grant execute on function public.context to service_role")
    secret = (await rest.send("GET", "/rest/v1/rpc/context", headers=headers)).json()
    assert (secret["role"], secret["timeout"]) == ("service_role", "8s")


async def test_nothing_of_one_call_is_left_for_the_next(rest: Supabase) -> None:
    for index in range(20):
        token = rest.token(sub=str(uuid.UUID(int=index)))
        await rest.send("POST", "/rest/v1/rpc/context", token, json={})
        seen = (await rest.send("POST", "/rest/v1/rpc/context", json={})).json()
        assert (seen["role"], seen["claims"]) == ("anon", {"role": "anon"})


async def test_get_and_stable_functions_run_read_only(rest: Supabase) -> None:
    person = str(uuid.uuid4())
    client = await rest.client(rest.token(sub=person))
    assert (await call(rest, "context", {}))["read_only"] == "on"
    for name, get in (("write_diary", True), ("pretend_stable", False)):
        with pytest.raises(APIError) as caught:
            await client.rpc(name, {"p_text": "x"}, get=get).execute()
        assert caught.value.code in ("25006", "0A000")
    answer = await rest.send("GET", "/rest/v1/rpc/write_diary?p_text=x", rest.token(sub=person))
    assert (answer.status_code, answer.json()["code"]) == (405, "25006")
    rows = rest.execute(
        "select 1 from public.diary where owner = %s", person, user="supabase_admin"
    )
    assert rows == []
    written = await client.rpc("write_diary", {"p_text": "x"}).execute()
    assert isinstance(written.data, int)


async def test_a_result_of_rows_may_be_filtered_ordered_cut_and_counted(rest: Supabase) -> None:
    client = await rest.client()
    request = client.rpc("old_films", {"before": 1980}, count=CountMethod.exact)
    answer = await request.select("id,title").gt("year", 1935).order("id", desc=True).execute()
    assert answer.data == [{"id": 3, "title": "Casablanca"}, {"id": 1, "title": "Alien"}]
    assert answer.count == 2
    first = client.rpc("old_films", {"before": 1980}, count=CountMethod.exact).select("id")
    page = await first.order("id").limit(1).execute()
    assert (page.data, page.count) == ([{"id": 1}], 3)
    by_get = client.rpc("old_films", {"before": 1980}, get=True).select("id").eq("id", 4)
    assert (await by_get.execute()).data == [{"id": 4}]


async def test_head_counts_without_rows(rest: Supabase) -> None:
    client = await rest.client()
    answer = await client.rpc("numbers", {"up_to": 7}, count=CountMethod.exact, head=True).execute()
    assert (answer.data, answer.count) == ([], 7)


async def test_single_takes_exactly_one_row_of_a_set(rest: Supabase) -> None:
    client = await rest.client()
    one = await client.rpc("old_films", {"before": 1935}).select("id").single().execute()
    assert one.data == {"id": 4}
    with pytest.raises(APIError) as caught:
        await client.rpc("old_films", {"before": 1980}).single().execute()
    assert caught.value.code == "PGRST116"


async def test_a_function_may_set_status_and_headers(rest: Supabase) -> None:
    answer = await rest.send("POST", "/rest/v1/rpc/teapot", json={})
    assert (answer.status_code, answer.json()) == (418, {"tea": True})
    assert answer.headers.get_list("x-tea") == ["black", "green"]


@pytest.mark.parametrize(
    ("status", "headers", "code"),
    [
        ("nonsense", "", "PGRST112"),
        ("99", "", "PGRST112"),
        ("", "nonsense", "PGRST111"),
        ("", '{"a": "b"}', "PGRST111"),
        ("", '[{"a": 1}]', "PGRST111"),
        ("", '[{"a": "b\\r\\nSet-Cookie: c"}]', "PGRST111"),
        ("", '[{"content-length": "1"}]', "PGRST111"),
    ],
)
async def test_a_status_or_header_that_cannot_be_sent_is_the_functions_fault(
    rest: Supabase, status: str, headers: str, code: str
) -> None:
    answer = await rest.send(
        "POST", "/rest/v1/rpc/set_response", json={"p_status": status, "p_headers": headers}
    )
    assert (answer.status_code, answer.json()["code"]) == (500, code)


async def test_an_unknown_function_or_argument_is_pgrst202(rest: Supabase) -> None:
    answer = await rest.send("POST", "/rest/v1/rpc/ad", json={"a": 1, "z": 2})
    assert answer.status_code == 404
    # PostgREST's RpcSpec, "should fail with 404 on unknown proc name/args".
    assert answer.json() == {
        "code": "PGRST202",
        "message": "Could not find the function public.ad(a, z) in the schema cache",
        "details": "Searched for the function public.ad with parameters a, z or with a single "
        "unnamed json/jsonb parameter, but no matches were found in the schema cache.",
        "hint": "Perhaps you meant to call the function public.add",
    }
    answer = await rest.send("GET", "/rest/v1/rpc/add?b=1")
    assert answer.json()["details"] == (
        "Searched for the function public.add with parameter b, but no matches were found in the "
        "schema cache."
    )
    answer = await rest.send("GET", "/rest/v1/rpc/add")
    assert answer.json()["message"] == (
        "Could not find the function public.add without parameters in the schema cache"
    )
    assert (await rest.send("POST", "/rest/v1/rpc/never", json={})).status_code == 404


async def test_overloads_that_names_cannot_tell_apart_are_300(rest: Supabase) -> None:
    answer = await rest.send("POST", "/rest/v1/rpc/clash", json={"a": 1})
    assert (answer.status_code, answer.json()["code"]) == (300, "PGRST203")
    assert answer.json()["message"] == (
        "Could not choose the best candidate function between: public.clash(a => integer), "
        "public.clash(a => text)"
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"1", 400), (b'"x"', 400), (b"null", 400), (b"[{}]", 501), (b"[]", 501)],
)
async def test_a_body_that_is_no_object_is_refused(
    rest: Supabase, body: bytes, status: int
) -> None:
    answer = await rest.send(
        "POST", "/rest/v1/rpc/pair", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == status


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_other_methods_do_not_call(rest: Supabase, method: str) -> None:
    answer = await rest.send(method, "/rest/v1/rpc/pair", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "PGRST101")
    assert answer.json()["message"] == f"Cannot use the {method} method on RPC"


async def test_a_functions_own_time_out_holds(rest: Supabase) -> None:
    answer = await rest.send("POST", "/rest/v1/rpc/impatient", json={})
    assert (answer.status_code, answer.json()["code"]) == (500, "57014")


async def test_the_schema_cache_follows_notify(rest: Supabase) -> None:
    rest.execute("create table public.later (id int); grant select on public.later to anon")
    assert (await rest.send("GET", "/rest/v1/later")).status_code == 404
    rest.execute("notify pgrst, 'reload schema'")
    rest.wait_until_known("later")
    rest.execute("drop table public.later; notify pgrst")
    rest.wait_until_known("later", known=False)
