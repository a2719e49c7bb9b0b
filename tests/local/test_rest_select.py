"""Reading one table or view, through the unmodified client where it can say it."""

from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgrest import APIError
from postgrest.types import CountMethod
from psycopg.rows import scalar_row

from app.local.rest import sql
from app.local.rest.catalogue import Table
from app.local.rest.query import Condition, Filter, Logic, Operator, Order, Query
from app.local.rest.sql import Page
from tests.fixtures.supabase import Supabase


async def ids(request: Any) -> list[int]:
    return [row["id"] for row in (await request.execute()).data]


async def test_all_columns_come_as_postgres_writes_them_in_json(rest: Supabase) -> None:
    client = await rest.client()
    answer = await client.table("films").select("*").eq("id", 1).execute()
    assert answer.data == [
        {
            "id": 1,
            "title": "Alien",
            "year": 1979,
            "rating": 8.5,
            "seen": True,
            "tags": ["space", "fear"],
            "info": {"a": 1},
            'odd, "name"!': "odd",
            "100%": "%s",
        }
    ]
    assert answer.count is None


async def test_named_columns_come_alone_and_in_order(rest: Supabase) -> None:
    client = await rest.client()
    answer = await client.table("films").select("title", '"100%"', "id").eq("id", 1).execute()
    assert answer.data == [{"title": "Alien", "100%": "%s", "id": 1}]
    raw = await rest.send("GET", "/rest/v1/films?select=title,id&id=eq.1")
    assert raw.text == '[{"title":"Alien","id":1}]'


@pytest.mark.parametrize(
    ("method", "column", "value", "expected"),
    [
        ("eq", "title", "Duck, Soup", [4]),
        ("eq", "id", 2, [2]),
        ("eq", "seen", True, [1, 4]),
        ("eq", 'odd, "name"!', "odd", [1]),
        ("neq", "year", 1979, [2, 3, 4]),
        ("gt", "rating", 7.8, [1, 3]),
        ("gte", "rating", "7.8", [1, 2, 3]),
        ("lt", "year", 1942, [4]),
        ("lte", "year", 1942, [3, 4]),
        ("like", "title", "%a%", [2, 3, 5]),
        ("like", "title", "*a*", [2, 3, 5]),
        ("ilike", "title", "A%", [1]),
        ("ilike", "title", "é*", [5]),
        ("is_", "year", None, [5]),
        ("is_", "seen", True, [1, 4]),
        ("is_", "seen", False, [2, 5]),
        ("in_", "id", [1, 3, 99], [1, 3]),
        ("in_", "title", ["Duck, Soup", "Élan (2)"], [4, 5]),
        ("in_", "id", [], []),
    ],
)
async def test_each_filter_finds_its_rows(
    rest: Supabase, method: str, column: str, value: object, expected: list[int]
) -> None:
    films = (await rest.client()).table("films").select("id")
    assert await ids(getattr(films, method)(column, value).order("id")) == expected


@pytest.mark.parametrize(
    ("method", "column", "value", "expected"),
    [
        ("eq", "id", 1, [2, 3, 4, 5]),
        ("in_", "id", [1, 2], [3, 4, 5]),
        ("is_", "year", None, [1, 2, 3, 4]),
        ("like", "title", "%a%", [1, 4]),
    ],
)
async def test_not_turns_a_filter_round(
    rest: Supabase, method: str, column: str, value: object, expected: list[int]
) -> None:
    films = (await rest.client()).table("films").select("id")
    assert await ids(getattr(films.not_, method)(column, value).order("id")) == expected


async def test_filters_add_up_and_or_nests(rest: Supabase) -> None:
    films = (await rest.client()).table("films")
    assert await ids(films.select("id").gte("rating", 7).eq("seen", False)) == [2]
    either = films.select("id").or_("id.eq.1,and(year.lt.1950,seen.is.true)").order("id")
    assert await ids(either) == [1, 4]
    neither = films.select("id").not_.or_("id.eq.1,not.and(id.gt.2,id.lt.5)").order("id")
    assert await ids(neither) == [3, 4]


async def test_a_percent_sign_in_a_column_name_is_part_of_the_name(rest: Supabase) -> None:
    films = (await rest.client()).table("films")
    assert await ids(films.select("id").or_('"100%".eq.%s,"100%".eq.%x')) == [1]


async def test_order_follows_direction_and_nulls(rest: Supabase) -> None:
    films = (await rest.client()).table("films")
    assert await ids(films.select("id").order("rating", desc=True).order("id")) == [4, 1, 3, 2, 5]
    last = films.select("id").order("rating", desc=True, nullsfirst=False).order("id", desc=True)
    assert await ids(last) == [3, 1, 2, 5, 4]
    assert await ids(films.select("id").order("year", nullsfirst=True)) == [5, 4, 3, 1, 2]


async def test_limit_and_range_cut_the_page(rest: Supabase) -> None:
    films = (await rest.client()).table("films")
    assert await ids(films.select("id").order("id").limit(2)) == [1, 2]
    assert await ids(films.select("id").order("id").range(3, 9)) == [4, 5]
    assert await ids(films.select("id").limit(0)) == []


async def test_an_exact_count_counts_beyond_the_page(rest: Supabase) -> None:
    films = (await rest.client()).table("films")
    answer = await films.select("id", count=CountMethod.exact).gt("id", 1).limit(2).execute()
    assert (len(answer.data), answer.count) == (2, 4)
    head = await films.select("*", count=CountMethod.exact, head=True).execute()
    assert (head.data, head.count) == ([], 5)


@pytest.mark.parametrize(
    ("query", "status", "content_range"),
    [
        # PostgREST's RangeSpec: 206 when there is more, * when nothing is on the page.
        ("limit=2", 206, "0-1/5"),
        ("", 200, "0-4/5"),
        ("offset=4", 206, "4-4/5"),
        ("offset=5", 206, "*/5"),
        ("limit=0", 206, "*/5"),
        ("id=eq.99", 200, "*/0"),
        ("id=eq.99&limit=0", 200, "*/0"),
    ],
)
async def test_content_range_and_status_tell_the_part(
    rest: Supabase, query: str, status: int, content_range: str
) -> None:
    headers = {"prefer": "count=exact"}
    answer = await rest.send("GET", f"/rest/v1/films?{query}", headers=headers)
    assert (answer.status_code, answer.headers["content-range"]) == (status, content_range)
    assert answer.headers["preference-applied"] == "count=exact"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


async def test_without_count_the_total_is_unknown(rest: Supabase) -> None:
    answer = await rest.send("GET", "/rest/v1/films?offset=3")
    assert (answer.status_code, answer.headers["content-range"]) == (200, "3-4/*")
    past = await rest.send("GET", "/rest/v1/films?offset=9")
    assert (past.status_code, past.headers["content-range"], past.json()) == (200, "*/*", [])


async def test_an_offset_past_the_counted_end_is_416(rest: Supabase) -> None:
    headers = {"prefer": "count=exact"}
    answer = await rest.send("GET", "/rest/v1/films?offset=9", headers=headers)
    assert answer.status_code == 416
    assert answer.json() == {
        "code": "PGRST103",
        "message": "Requested range not satisfiable",
        "details": "An offset of 9 was requested, but there are only 5 rows.",
        "hint": None,
    }


async def test_no_answer_has_more_rows_than_the_project_allows(rest: Supabase) -> None:
    rest.execute(
        "create table public.many (id int); grant select on public.many to anon;"
        "insert into public.many select generate_series(1, 1005); notify pgrst"
    )
    rest.wait_until_known("many")
    many = (await rest.client()).table("many")
    answer = await many.select("id", count=CountMethod.exact).limit(5000).execute()
    assert (len(answer.data), answer.count) == (1000, 1005)


async def test_single_gives_one_object_or_406(rest: Supabase) -> None:
    films = (await rest.client()).table("films")
    one = await films.select("id", "title").eq("id", 2).single().execute()
    assert one.data == {"id": 2, "title": "Brazil"}
    for count, request in ((0, films.select("id").eq("id", 9)), (5, films.select("id"))):
        with pytest.raises(APIError) as caught:
            await request.single().execute()
        # PostgREST's SingularSpec.
        assert caught.value.json() == {
            "code": "PGRST116",
            "message": "Cannot coerce the result to a single JSON object",
            "details": f"The result contains {count} rows",
            "hint": None,
        }


async def test_single_says_its_own_content_type(rest: Supabase) -> None:
    headers = {"accept": "application/vnd.pgrst.object+json", "accept-profile": "public"}
    answer = await rest.send("GET", "/rest/v1/films?select=id&id=eq.1", headers=headers)
    assert answer.headers["content-type"] == ("application/vnd.pgrst.object+json; charset=utf-8")
    assert (answer.headers["content-profile"], answer.text) == ("public", '{"id":1}')


async def test_maybe_single_is_a_plain_read(rest: Supabase) -> None:
    films = (await rest.client()).table("films")
    assert await films.select("id").eq("id", 9).maybe_single().execute() is None
    found = await films.select("id").eq("id", 1).maybe_single().execute()
    assert found is not None
    assert found.data == {"id": 1}


async def test_a_view_reads_like_a_table(rest: Supabase) -> None:
    seen = (await rest.client()).table("seen_films")
    assert await ids(seen.select("*").order("id")) == [1, 4]


async def test_rows_are_those_of_the_signed_in_person(rest: Supabase) -> None:
    mine, other = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
    for owner in (mine, other):
        rest.execute(
            "insert into public.diary (owner, text) values (%s, %s)",
            owner,
            owner,
            user="supabase_admin",
        )
    client = await rest.client(rest.token(sub=mine))
    answer = await client.table("diary").select("owner").execute()
    assert answer.data == [{"owner": mine}]


_OPERATORS: list[Operator] = ["eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike"]
_VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["'; drop table films; --", "%s", "%(x)s", "\\", "1) or (true", '"', "$1"]),
).filter(lambda text: "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text))
_COLUMNS = st.sampled_from(["a", 'b"; drop', "c%s", "ü e"])
_FILTERS = st.builds(Filter, _COLUMNS, st.sampled_from(_OPERATORS), _VALUES, st.booleans())
_LISTS = st.builds(
    Filter, _COLUMNS, st.just("in"), st.lists(_VALUES, max_size=3).map(tuple), st.booleans()
)
_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(_FILTERS, _LISTS),
    lambda inner: st.builds(
        Logic,
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=1, max_size=3).map(tuple),
        st.booleans(),
    ),
    max_leaves=5,
)
_ODD = Table("odd", {"a": "text", 'b"; drop': "text", "c%s": "text", "ü e": "text"})


def _matches(
    row: dict[str, Any], condition: Condition, oracle: psycopg.Cursor[bool]
) -> bool | None:
    """What Postgres says of one value at a time, always as parameters."""
    if isinstance(condition, Logic):
        parts = [_matches(row, part, oracle) for part in condition.parts]
        result = _all(parts) if condition.operator == "and" else _any(parts)
    else:
        result = _compare(row[condition.column], condition, oracle)
    return result if result is None or not condition.negated else not result


def _compare(held: str | None, condition: Filter, oracle: psycopg.Cursor[bool]) -> bool | None:
    words = {
        "eq": "=",
        "neq": "<>",
        "gt": ">",
        "gte": ">=",
        "lt": "<",
        "lte": "<=",
        "like": "like",
        "ilike": "ilike",
    }
    if condition.operator == "in":
        return oracle.execute(
            "select %s::text = any(%s::text[])", [held, list(condition.value)]
        ).fetchone()
    value = str(condition.value)
    if "like" in condition.operator:
        value = value.replace("*", "%")
    statement = f"select %s::text {words[condition.operator]} %s::text"
    return oracle.execute(statement.encode(), [held, value]).fetchone()


def _all(parts: list[bool | None]) -> bool | None:
    return False if False in parts else None if None in parts else True


def _any(parts: list[bool | None]) -> bool | None:
    return True if True in parts else None if None in parts else False


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    conditions=st.lists(_CONDITIONS, max_size=2), stored=st.lists(_VALUES, min_size=4, max_size=4)
)
def test_any_filter_with_any_value_means_the_same_as_parameters(
    rest: Supabase, conditions: list[Condition], stored: list[str]
) -> None:
    query = Query(where=tuple(conditions), order=(Order("a"),), select=("a",))
    with psycopg.connect(rest.dsn("postgres")) as connection:
        connection.execute(
            'create temporary table odd (a text, "b""; drop" text, "c%s" text, "ü e" text)'
        )
        row = dict(zip(_ODD.columns, [*stored[:3], None], strict=True))
        connection.execute("insert into odd values (%s, %s, %s, %s)", list(row.values()))
        oracle = connection.cursor(row_factory=scalar_row)
        try:
            with connection.transaction():
                verdicts = [_matches(row, condition, oracle) for condition in conditions]
        except psycopg.errors.InvalidEscapeSequence:
            return
        statement = sql.read(_ODD, query, Page(None, 0, True), "array")
        text = statement.text.replace(b'"public"."odd"', b'"odd"')
        found = connection.execute(text, statement.values).fetchone()
        connection.rollback()
    assert found is not None
    expected = 1 if _all(verdicts) is True else 0
    assert (found[0], found[1]) == (expected, expected)


@pytest.mark.parametrize(
    "value",
    [
        "'; drop table public.films; --",
        "1 or 1=1",
        "%s",
        "%(a)s",
        "\\'; select 1 --",
        "\x01\x1f\x7f",
    ],
)
async def test_sql_in_a_value_is_only_a_value(rest: Supabase, value: str) -> None:
    films = (await rest.client()).table("films")
    assert await ids(films.select("id").eq("title", value)) == []
    assert await ids(films.select("id").in_("title", [value, "Alien"])) == [1]
    assert await ids(films.select("id").or_(f"title.in.({quote('x')}),id.eq.1")) == [1]


@pytest.mark.parametrize("column", ['id" or 1=1 --', "id;drop", "nope", "films.id", "id)"])
async def test_sql_in_a_column_name_is_only_a_name(rest: Supabase, column: str) -> None:
    films = (await rest.client()).table("films")
    with pytest.raises(APIError) as caught:
        await films.select("id").eq(column, 1).execute()
    assert caught.value.code in ("42703", "PGRST100", "PGRST127")
    assert await ids(films.select("id").eq("id", 1)) == [1]
