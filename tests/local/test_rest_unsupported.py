"""Every method of the client's request builders is either in the subset or answered with 501.

The table below is compared with the installed client: a method it does not name fails here, so
that an update of the client makes somebody decide.
"""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from postgrest import (
    APIError,
    AsyncPostgrestClient,
    AsyncRequestBuilder,
    AsyncRPCFilterRequestBuilder,
    AsyncSelectRequestBuilder,
)
from postgrest.types import CountMethod
from supabase import AsyncClient

from tests.fixtures.supabase import Supabase

Build = Callable[[AsyncClient], Any]


def _films(client: AsyncClient) -> AsyncSelectRequestBuilder:
    return client.table("films").select("id")


# What the other test modules show to work, or what sends nothing by itself.
SUPPORTED = {
    "client": {"from_", "table", "rpc", "schema", "aclose", "auth"},
    "request": {"select", "insert", "update", "delete"},
    "query": {
        "select",
        "execute",
        "retry",
        "filter",
        "not_",
        "eq",
        "neq",
        "gt",
        "gte",
        "lt",
        "lte",
        "is_",
        "like",
        "ilike",
        "in_",
        "or_",
        "match",
        "order",
        "limit",
        "offset",
        "range",
        "single",
        "maybe_single",
    },
}

UNSUPPORTED: dict[str, dict[str, Build]] = {
    "client": {},
    "request": {
        "upsert": lambda client: client.table("diary").upsert({"text": "x"}),
    },
    "query": {
        "like_all_of": lambda client: _films(client).like_all_of("title", "A%,%n"),
        "like_any_of": lambda client: _films(client).like_any_of("title", "A%,%n"),
        "ilike_all_of": lambda client: _films(client).ilike_all_of("title", "A%,%n"),
        "ilike_any_of": lambda client: _films(client).ilike_any_of("title", "A%,%n"),
        "fts": lambda client: _films(client).fts("title", "a"),
        "plfts": lambda client: _films(client).plfts("title", "a"),
        "phfts": lambda client: _films(client).phfts("title", "a"),
        "wfts": lambda client: _films(client).wfts("title", "a"),
        "text_search": lambda client: _films(client).text_search("title", "a"),
        "cs": lambda client: _films(client).cs("tags", ["a"]),
        "cd": lambda client: _films(client).cd("tags", ["a"]),
        "contains": lambda client: _films(client).contains("tags", ["a"]),
        "contained_by": lambda client: _films(client).contained_by("tags", ["a"]),
        "ov": lambda client: _films(client).ov("tags", ["a"]),
        "overlaps": lambda client: _films(client).overlaps("tags", ["a"]),
        "sl": lambda client: _films(client).sl("id", (1, 2)),
        "sr": lambda client: _films(client).sr("id", (1, 2)),
        "nxl": lambda client: _films(client).nxl("id", (1, 2)),
        "nxr": lambda client: _films(client).nxr("id", (1, 2)),
        "adj": lambda client: _films(client).adj("id", (1, 2)),
        "range_gt": lambda client: _films(client).range_gt("id", (1, 2)),
        "range_gte": lambda client: _films(client).range_gte("id", (1, 2)),
        "range_lt": lambda client: _films(client).range_lt("id", (1, 2)),
        "range_lte": lambda client: _films(client).range_lte("id", (1, 2)),
        "range_adjacent": lambda client: _films(client).range_adjacent("id", (1, 2)),
        "max_affected": lambda client: (
            client.table("diary").update({"text": "x"}).eq("id", 1).max_affected(1)
        ),
        "strip_nulls": lambda client: _films(client).strip_nulls(),
        "csv": lambda client: _films(client).csv(),
        "explain": lambda client: _films(client).explain(format="json"),
    },
}

# Supported methods with something in them that is not.
UNSUPPORTED_ARGUMENTS: dict[str, Build] = {
    "several rows": lambda client: client.table("diary").insert([{"text": "a"}, {"text": "b"}]),
    "no row": lambda client: client.table("diary").insert([]),
    "upsert by insert": lambda client: client.table("diary").insert({"text": "a"}, upsert=True),
    "missing as default": lambda client: client.table("diary").insert(
        {"text": "a"}, default_to_null=False
    ),
    "planned count": lambda client: client.table("films").select("id", count=CountMethod.planned),
    "estimated count": lambda client: client.table("films").select(
        "id", count=CountMethod.estimated
    ),
    "embedding": lambda client: client.table("films").select("*, people(name)"),
    "inner embedding": lambda client: client.table("films").select("people!inner(name)"),
    "spread": lambda client: client.table("films").select("...people(name)"),
    "aggregate": lambda client: client.table("films").select("rating.avg()"),
    "count aggregate": lambda client: client.table("films").select("count()"),
    "cast": lambda client: client.table("films").select("id::text"),
    "alias": lambda client: client.table("films").select("number:id"),
    "json path": lambda client: client.table("films").select("info->>a"),
    "json path filter": lambda client: _films(client).eq("info->>a", 1),
    "filter on an embedded table": lambda client: _films(client).eq("people.name", "x"),
    "or on an embedded table": lambda client: _films(client).or_("a.eq.1", reference_table="p"),
    "order of an embedded table": lambda client: _films(client).order("a", foreign_table="p"),
    "limit of an embedded table": lambda client: _films(client).limit(1, foreign_table="p"),
    "order by an embedded table": lambda client: _films(client).order("people(name)"),
    "two limits": lambda client: _films(client).limit(1).range(0, 1),
    "operator with a quantifier": lambda client: _films(client).filter("id", "eq(any)", "{1}"),
    "regular expression": lambda client: _films(client).filter("title", "match", "^A"),
    "limited update": lambda client: (
        client.table("diary").update({"text": "x"}).eq("id", 1).order("id").limit(1)
    ),
    "filtered scalar": lambda client: client.rpc("add", {"a": 1}).eq("a", 1),
    "variadic function": lambda client: client.rpc("spread", {"numbers": [1]}),
    "unnamed parameter": lambda client: client.rpc("unnamed", {"a": 1}),
}

CLASSES = {
    "client": (AsyncPostgrestClient,),
    "request": (AsyncRequestBuilder,),
    "query": (AsyncSelectRequestBuilder, AsyncRPCFilterRequestBuilder),
}


@pytest.mark.parametrize("kind", CLASSES)
def test_every_method_of_the_client_is_decided(kind: str) -> None:
    offered = {
        name
        for built in CLASSES[kind]
        for name, member in inspect.getmembers(built)
        if not name.startswith("_") and (callable(member) or isinstance(member, property))
    }
    # Names from the time before from_; they only warn and forward.
    offered -= {"from_table"}
    decided = SUPPORTED[kind] | UNSUPPORTED[kind].keys()
    assert offered == decided, "decide in this file what the local Supabase does with these"
    assert not SUPPORTED[kind] & UNSUPPORTED[kind].keys()


@pytest.mark.parametrize(
    "build",
    [
        *(
            pytest.param(build, id=name)
            for kind in UNSUPPORTED.values()
            for name, build in kind.items()
        ),
        *(pytest.param(build, id=name) for name, build in UNSUPPORTED_ARGUMENTS.items()),
    ],
)
async def test_what_is_not_supported_is_501_in_postgrests_shape(
    rest: Supabase, build: Build
) -> None:
    client = await rest.client(rest.token(sub="00000000-0000-4000-8000-0000000000ff"))
    before = rest.execute("select count(*) from public.diary", user="supabase_admin")
    with pytest.raises(APIError) as caught:
        await build(client).execute()
    assert caught.value.code == "PGRST127"
    assert str(caught.value.message).startswith("The local Supabase does not support ")
    assert rest.execute("select count(*) from public.diary", user="supabase_admin") == before


async def test_another_schema_is_refused_as_upstream_does(rest: Supabase) -> None:
    with pytest.raises(APIError) as caught:
        await (await rest.client()).schema("private").table("films").select("*").execute()
    assert caught.value.code == "PGRST106"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/rest/v1/", {}),
        ("GET", "/rest/v1/films", {"range": "0-1"}),
        ("GET", "/rest/v1/films?columns=id", {}),
        ("GET", "/rest/v1/films", {"prefer": "timezone=Europe/Berlin"}),
        ("POST", "/rest/v1/films", {"prefer": "return=headers-only"}),
        ("POST", "/rest/v1/dropbox?id=eq.1", {}),
        ("POST", "/rest/v1/dropbox?columns=id", {}),
        ("POST", "/rest/v1/dropbox?on_conflict=id", {}),
        ("PUT", "/rest/v1/films?id=eq.1", {}),
        ("OPTIONS", "/rest/v1/films", {}),
        ("POST", "/rest/v1/rpc/pair?columns=a", {}),
    ],
)
async def test_what_no_client_method_sends_is_501_too(
    rest: Supabase, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await rest.send(method, path, headers=headers, json={"said": "x"})
    assert (answer.status_code, answer.json()["code"]) == (501, "PGRST127")
    assert set(answer.json()) == {"code", "message", "details", "hint"}
