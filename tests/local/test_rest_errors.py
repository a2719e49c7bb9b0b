"""What a failure looks like: status, code, words and headers as PostgREST gives them."""

import asyncio
import time
from pathlib import Path

import psycopg
import pytest

from tests.fixtures.postgres import Server
from tests.fixtures.supabase import Supabase, running_supabase


async def failed(
    rest: Supabase, code: str, message: str = "said", **more: str
) -> tuple[int, dict[str, object]]:
    answer = await rest.send(
        "POST",
        "/rest/v1/rpc/fail",
        rest.token(),
        json={"p_code": code, "p_message": message, **more},
    )
    body = answer.json()
    assert answer.headers["proxy-status"] == f"PostgREST; error={body['code']}"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    return answer.status_code, body


@pytest.mark.parametrize(
    ("code", "status"),
    [
        # PostgREST's documentation, "HTTP status codes".
        ("08006", 503),
        ("09000", 500),
        ("0L000", 403),
        ("0P000", 403),
        ("23503", 409),
        ("23505", 409),
        ("23502", 400),
        ("25006", 405),
        ("25000", 500),
        ("28000", 403),
        ("2D000", 500),
        ("38000", 500),
        ("39000", 500),
        ("3B000", 500),
        ("40001", 500),
        ("53400", 500),
        ("53100", 503),
        ("54000", 500),
        ("55000", 500),
        ("57P01", 503),
        ("57014", 500),
        ("58000", 500),
        ("F0000", 500),
        ("HV000", 500),
        ("P0001", 400),
        ("P0002", 500),
        ("XX000", 500),
        ("42883", 404),
        ("42P01", 404),
        ("42P17", 500),
        ("42501", 403),
        ("42703", 400),
        ("22023", 400),
        ("21000", 500),
        ("PT402", 402),
        ("PT404", 404),
        ("PT409", 409),
        ("PT422", 422),
        ("PT5X0", 500),
        ("PT999", 500),
        ("PT100", 500),
    ],
)
async def test_each_sqlstate_has_upstreams_status(rest: Supabase, code: str, status: int) -> None:
    got, body = await failed(rest, code, p_detail="why", p_hint="do")
    assert got == status
    assert body == {"code": code, "message": "said", "details": "why", "hint": "do"}


async def test_a_refused_right_is_401_for_nobody_and_403_for_somebody(rest: Supabase) -> None:
    for path, message in (
        ("/rest/v1/closed", "permission denied for table closed"),
        ("/rest/v1/rpc/secret", "permission denied for function secret"),
    ):
        nobody = await rest.send("GET", path)
        assert (nobody.status_code, nobody.json()["code"]) == (401, "42501")
        assert nobody.headers["www-authenticate"] == "Bearer"
        somebody = await rest.send("GET", path, rest.token())
        assert (somebody.status_code, somebody.json()["message"]) == (403, message)


async def test_a_function_may_state_its_whole_response(rest: Supabase) -> None:
    answer = await rest.send(
        "POST",
        "/rest/v1/rpc/fail",
        json={
            "p_code": "PGRST",
            "p_message": '{"code": "own", "message": "words", "details": "d", "hint": "h"}',
            "p_detail": '{"status": 332, "headers": {"X-Own": "yes"}}',
        },
    )
    assert (answer.status_code, answer.headers["x-own"]) == (332, "yes")
    assert answer.json() == {"code": "own", "message": "words", "details": "d", "hint": "h"}


@pytest.mark.parametrize(
    ("message", "detail", "details"),
    [
        ("x", "{}", "Invalid JSON value for MESSAGE: 'x'"),
        ('{"code":"a","message":"b"}', "", "Invalid JSON value for DETAIL: ''"),
        ('{"code":"a","message":"b"}', "[]", "Invalid JSON value for DETAIL: '[]'"),
    ],
)
async def test_an_unreadable_response_of_a_function_is_pgrst121(
    rest: Supabase, message: str, detail: str, details: str
) -> None:
    status, body = await failed(rest, "PGRST", message, p_detail=detail)
    assert (status, body["code"]) == (500, "PGRST121")
    assert body["details"] in (details, "DETAIL is missing in the RAISE statement")


async def test_unknown_tables_and_columns_are_named(rest: Supabase) -> None:
    answer = await rest.send("GET", "/rest/v1/filmz")
    assert answer.status_code == 404
    assert answer.json() == {
        "code": "PGRST205",
        "message": "Could not find the table 'public.filmz' in the schema cache",
        "details": None,
        "hint": "Perhaps you meant the table 'public.films'",
    }
    for query in ("nope=eq.1", "select=nope", "order=nope"):
        answer = await rest.send("GET", f"/rest/v1/films?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "42703")
        assert answer.json()["message"] == "column films.nope does not exist"
    answer = await rest.send("GET", "/rest/v1/films?id=eq.x")
    assert (answer.status_code, answer.json()["code"]) == (400, "22P02")


async def test_tables_outside_public_are_not_there(rest: Supabase) -> None:
    for name in (
        "auth.users",
        "users",
        "pg_class",
        "public.films",
        '"films"',
        "%00",
        "%ff",
        "a%2Fb",
    ):
        answer = await rest.send("GET", f"/rest/v1/{name}")
        assert answer.status_code == 404


async def test_another_schema_is_406(rest: Supabase) -> None:
    for method, header in (("GET", "accept-profile"), ("POST", "content-profile")):
        answer = await rest.send(method, "/rest/v1/films", headers={header: "auth"}, json={})
        assert answer.status_code == 406
        assert answer.json() == {
            "code": "PGRST106",
            "message": "Invalid schema: auth",
            "details": None,
            "hint": "Only the following schemas are exposed: public",
        }


async def test_paths_that_name_nothing_are_404(rest: Supabase) -> None:
    for path in ("/rest/v1/films/1", "/rest/v1/rpc/a/b", "/rest/v1/films/"):
        answer = await rest.send("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (404, "PGRST125")


async def test_an_unknown_media_type_is_406(rest: Supabase) -> None:
    answer = await rest.send("GET", "/rest/v1/films", headers={"accept": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (406, "PGRST107")
    answer = await rest.send("GET", "/rest/v1/films", headers={"accept": "image/png, */*;q=0.1"})
    assert answer.status_code == 200


async def test_an_unknown_preference_matters_only_when_strict(rest: Supabase) -> None:
    lenient = await rest.send("GET", "/rest/v1/films", headers={"prefer": "tea=hot"})
    assert lenient.status_code == 200
    strict = await rest.send(
        "GET", "/rest/v1/films", headers={"prefer": "handling=strict, tea=hot"}
    )
    assert (strict.status_code, strict.json()["code"]) == (400, "PGRST122")
    assert strict.json()["details"] == "Invalid preferences: tea=hot"


@pytest.mark.parametrize(
    ("token", "code", "message"),
    [
        ("x.y", "PGRST301", "Expected 3 parts in JWT; got 2"),
        ("eyJhbGciOiJub25lIn0.e30.", "PGRST301", "Wrong or unsupported encoding algorithm"),
    ],
)
async def test_a_token_that_is_none_is_401(
    rest: Supabase, token: str, code: str, message: str
) -> None:
    headers = {"authorization": f"Bearer {token}"}
    answer = await rest.send("GET", "/rest/v1/films", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.json()["message"] == message
    assert answer.headers["www-authenticate"].startswith('Bearer error="invalid_token"')


async def test_an_expired_token_is_401_after_half_a_minute_of_grace(rest: Supabase) -> None:
    now = int(time.time())
    late = await rest.send("GET", "/rest/v1/films", rest.token(exp=now - 31))
    assert (late.status_code, late.json()["code"], late.json()["message"]) == (
        401,
        "PGRST303",
        "JWT expired",
    )
    assert (await rest.send("GET", "/rest/v1/films", rest.token(exp=now - 5))).status_code == 200


async def test_a_role_that_does_not_exist_or_is_not_ours_gives_nothing(rest: Supabase) -> None:
    unknown = await rest.send("GET", "/rest/v1/films", rest.token("nobody"))
    assert (unknown.status_code, unknown.json()["code"]) == (401, "22023")
    for role in ("postgres", "supabase_admin", "supabase_auth_admin"):
        answer = await rest.send("GET", "/rest/v1/films", rest.token(role))
        assert (answer.status_code, answer.json()["code"]) == (403, "42501")


async def test_head_errors_carry_their_code_in_a_header(rest: Supabase) -> None:
    answer = await rest.send("HEAD", "/rest/v1/filmz")
    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["proxy-status"] == "PostgREST; error=PGRST205"


async def test_a_statement_that_takes_too_long_is_stopped(rest: Supabase) -> None:
    admin = "supabase_admin"
    rest.execute("alter role anon set statement_timeout = '300ms'; notify pgrst", user=admin)
    try:
        end = time.monotonic() + 10
        while (await rest.send("GET", "/rest/v1/rpc/context")).json()["timeout"] != "300ms":
            assert time.monotonic() < end
        answer = await rest.send("POST", "/rest/v1/rpc/slow", json={"seconds": 5})
    finally:
        rest.execute("alter role anon set statement_timeout = '3s'; notify pgrst", user=admin)
    assert (answer.status_code, answer.json()["code"]) == (500, "57014")
    assert answer.json()["message"] == "canceling statement due to statement timeout"


async def test_after_each_kind_of_failure_the_connections_still_serve(rest: Supabase) -> None:
    for _ in range(12):
        await failed(rest, "XX000")
        await rest.send("GET", "/rest/v1/films?id=eq.x")
        await rest.send("GET", "/rest/v1/films", rest.token("nobody"))
    assert (await rest.send("GET", "/rest/v1/films?select=id&id=eq.1")).json() == [{"id": 1}]


SLOW = """
create function public.slow(seconds float) returns int language sql as
  'select 1 from (select pg_sleep(seconds)) _';
create function public.one() returns int language sql as 'select 1';
grant execute on all functions in schema public to anon;
"""


async def test_a_full_pool_is_504_and_not_503(postgres18: Server, tmp_path: Path) -> None:
    dsn = postgres18.new_database(migrated=False)
    with psycopg.connect(dsn("postgres"), autocommit=True) as connection:
        connection.execute(SLOW)
    with running_supabase(dsn, tmp_path, pool_size=1, wait=0.2) as project:
        busy = asyncio.create_task(project.send("POST", "/rest/v1/rpc/slow", json={"seconds": 1.5}))
        await asyncio.sleep(0.4)
        answer = await project.send("POST", "/rest/v1/rpc/one", json={})
        assert answer.status_code == 504
        assert answer.json() == {
            "code": "PGRST003",
            "message": "Timed out acquiring connection from connection pool.",
            "details": None,
            "hint": None,
        }
        assert (await busy).json() == 1
        assert (await project.send("POST", "/rest/v1/rpc/one", json={})).json() == 1


async def test_a_lost_database_is_503_at_once_and_served_again_when_it_is_back(
    postgres18: Server, tmp_path: Path
) -> None:
    real = postgres18.new_database(migrated=False)
    with psycopg.connect(real("postgres"), autocommit=True) as connection:
        connection.execute(SLOW)
    here = [True]

    def dsn(user: str) -> str:
        return real(user) if here[0] else f"host=/nowhere dbname=postgres user={user}"

    with running_supabase(dsn, tmp_path) as project:
        assert (await project.send("POST", "/rest/v1/rpc/one", json={})).json() == 1
        here[0] = False
        with psycopg.connect(real("supabase_admin"), autocommit=True) as admin:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where "
                "datname = current_database() and pid <> pg_backend_pid()"
            )
        codes = []
        for _ in range(5):
            started = time.monotonic()
            answer = await project.send("POST", "/rest/v1/rpc/one", json={})
            assert answer.status_code == 503
            assert time.monotonic() - started < 2
            codes.append(answer.json()["code"])
        assert codes[0] in ("57P01", "PGRST001", "PGRST000")
        assert set(codes[1:]) == {"PGRST000"}
        here[0] = True
        assert (await project.send("POST", "/rest/v1/rpc/one", json={})).json() == 1
