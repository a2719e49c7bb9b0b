"""What nobody should send: forged tokens, impossible bodies, unknown calls. A clear error each,
and nothing changed (messages: supabase/auth, internal/api/{auth,helpers}.go)."""

import asyncio
import base64
import contextlib
import hmac
import json
import time
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.local.keys import Keys
from tests.fixtures.auth import PASSWORD, Project, an_email, auth_project
from tests.fixtures.postgres import Dsn
from tests.fixtures.supabase import Supabase


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forged(auth: Project, token: str, kind: str) -> str:
    """The token of a person, made into one that proves nothing."""
    header, payload, signature = token.split(".")
    claims = dict(auth.ctx.keys.verify(token))
    kid = jwt.get_unverified_header(token)["kid"]
    if kind == "none":
        head = encoded(b'{"alg":"none","typ":"JWT"}')
        return f"{head}.{payload}."
    if kind == "foreign":
        key = ec.generate_private_key(ec.SECP256R1())
        return jwt.encode(claims, key, "ES256", {"kid": kid})
    if kind == "hmac with the public key":
        public = json.dumps(auth.ctx.keys.jwks()["keys"][0]).encode()
        head = encoded(json.dumps({"alg": "HS256", "kid": kid, "typ": "JWT"}).encode())
        mac = hmac.digest(public, f"{head}.{payload}".encode(), "sha256")
        return f"{head}.{payload}.{encoded(mac)}"
    if kind == "expired":
        return auth.ctx.keys.sign({**claims, "exp": int(time.time()) - 1})
    if kind == "another person":
        changed = json.dumps({**claims, "sub": str(uuid4())}).encode()
        return f"{header}.{encoded(changed)}.{signature}"
    if kind == "no signature":
        return f"{header}.{payload}."
    return {"publishable key": auth.ctx.keys.publishable, "no token": "eyJhbGciOi"}[kind]


KINDS = [
    "none", "foreign", "hmac with the public key", "expired", "another person", "no signature",
    "publishable key", "no token",
]  # fmt: skip
PERSONAL = [
    ("GET", "user", None),
    ("PUT", "user", {"data": {"a": 1}, "password": "of somebody else"}),
    ("POST", "logout", None),
]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_token_that_proves_nothing_opens_and_changes_nothing(
    auth: Project, kind: str
) -> None:
    email = an_email()
    client, session = await auth.signed_up(email)
    token = forged(auth, session.access_token, kind)
    for method, path, body in PERSONAL:
        answer = await auth.call(method, path, body, token=token)
        assert (answer.status_code, answer.json()["code"]) == (403, "bad_jwt")
    found = await client.auth.get_user()
    assert found
    assert "a" not in found.user.user_metadata
    await auth.signed_in(email)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"sub": None}, 403, "bad_jwt"),
        ({"sub": "7"}, 403, "bad_jwt"),
        ({"sub": {"a": 1}}, 403, "bad_jwt"),
        ({"sub": str(uuid4())}, 403, "user_not_found"),
        ({"session_id": None}, 403, "bad_jwt"),
        ({"session_id": str(uuid4())}, 403, "session_not_found"),
        ({"session_id": "x\0y"}, 403, "bad_jwt"),
    ],
)
async def test_a_genuine_token_with_senseless_claims_opens_nothing(
    auth: Project, change: dict[str, Any], status: int, code: str
) -> None:
    _, session = await auth.signed_up()
    claims = dict(auth.ctx.keys.verify(session.access_token))
    answer = await auth.call("GET", "user", token=auth.ctx.keys.sign({**claims, **change}))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_session_of_another_person_is_not_ones_own(auth: Project) -> None:
    _, mine = await auth.signed_up()
    _, theirs = await auth.signed_up()
    claims = [dict(auth.ctx.keys.verify(session.access_token)) for session in (mine, theirs)]
    mixed = auth.ctx.keys.sign({**claims[0], "session_id": claims[1]["session_id"]})
    answer = await auth.call("POST", "logout?scope=local", token=mixed)
    assert (answer.status_code, answer.json()["code"]) == (403, "session_not_found")
    assert (await auth.call("GET", "user", token=theirs.access_token)).status_code == 200


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "token"])
async def test_a_call_without_a_bearer_is_told_so(auth: Project, value: str) -> None:
    answer = await auth.call("GET", "user", headers={"Authorization": value})
    assert (answer.status_code, answer.json()["code"]) == (401, "no_authorization")
    assert answer.json()["message"] == "This endpoint requires a valid Bearer token"


@pytest.mark.parametrize("key", ["", "sb_publishable_foreign", "a.b.c", "x" * 10_000])
async def test_a_call_without_the_projects_key_is_refused(auth: Project, key: str) -> None:
    body = {"email": an_email(), "password": PASSWORD}
    for path in ("signup", "token?grant_type=password", "settings", "user"):
        method = "GET" if path in ("settings", "user") else "POST"
        answer = await auth.call(method, path, body, headers={"apikey": key})
        assert (answer.status_code, answer.json()["code"]) == (401, "no_authorization")


async def test_an_access_token_is_not_an_api_key(auth: Project) -> None:
    _, session = await auth.signed_up()
    answer = await auth.call("GET", "settings", headers={"apikey": session.access_token})
    assert answer.status_code == 401


BODIES = {
    "empty": b"",
    "no JSON": b"email=a@b.org&password=x",
    "a list": b"[]",
    "half": b'{"email": "a@b.org", "password"',
    "not UTF-8": b'{"email": "\xff\xfe"}',
    "NUL": rb'{"email": "a\u0000@b.org", "password": "a long password"}',
    "surrogate": rb'{"email": "a@b.org", "password": "\ud800 long password"}',
    "surrogate in data": rb'{"email": "s@b.org", "password": "long enough", "data": {"\udfff": 1}}',
    "deep": b'{"data":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "wrong types": b'{"email": ["a@b.org"], "password": {"a": 1}}',
    "a number": b'{"email": "a@b.org", "password": 12345678}',
    "infinite": b'{"email": "a@b.org", "password": "long enough", "data": {"a": 1e999}}',
    "data as text": b'{"email": "a@b.org", "password": "long enough", "data": "x"}',
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("path", ["signup", "token?grant_type=password"])
async def test_a_body_that_makes_no_sense_is_refused(auth: Project, name: str, path: str) -> None:
    before = await auth.sql("select count(*) from auth.users")
    answer = await auth.call("POST", path, content=BODIES[name])
    body = answer.json()
    if path != "signup" and name == "data as text":
        assert body["code"] == "invalid_credentials"
    else:
        assert (answer.status_code, body["code"]) == (400, "bad_json")
        assert body["message"].startswith("Could not parse request body as JSON: ")
    assert await auth.sql("select count(*) from auth.users") == before


async def test_errors_carry_both_spellings_of_code_and_message(auth: Project) -> None:
    answer = await auth.call("POST", "signup", content=b"")
    body = answer.json()
    assert set(body) == {"code", "error_code", "msg", "message"}
    assert body["code"] == body["error_code"]
    assert body["msg"] == body["message"]
    assert answer.headers["x-sb-error-code"] == body["code"]
    assert answer.headers["x-supabase-api-version"] == "2024-01-01"
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "x"])
async def test_json_is_read_whatever_its_content_type_says(
    auth: Project, content_type: str
) -> None:
    answer = await auth.call(
        "POST",
        "signup",
        content=json.dumps({"email": an_email(), "password": PASSWORD}).encode(),
        headers={"content-type": content_type},
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("size", [(1 << 20) + 1, 10 << 20, 40 << 20])
async def test_a_body_that_is_too_large_is_refused_with_413(auth: Project, size: int) -> None:
    answer = await auth.call("POST", "token?grant_type=password", content=b" " * size)
    assert (answer.status_code, answer.json()["code"]) == (413, "request_entity_too_large")
    assert answer.json()["message"] == "Request body too large (max 1048576 bytes)"


async def test_a_body_that_is_too_large_is_refused_over_a_real_socket(
    supabase_bare: Supabase,
) -> None:
    for path in ("/auth/v1/signup", "/auth/v1/token?grant_type=refresh_token"):
        answer = await supabase_bare.send("POST", path, content=b" " * (10 << 20))
        assert (answer.status_code, answer.json()["code"]) == (413, "request_entity_too_large")
    answer = await supabase_bare.send("POST", "/auth/v1/admin/users", content=b" " * (10 << 20))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_admin")


async def test_a_body_that_never_ends_costs_no_memory_and_nobody_else_waits(
    supabase_bare: Supabase,
) -> None:
    async def without_end() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * (1 << 20)

    tracemalloc.start()
    try:
        with contextlib.suppress(httpx.HTTPError):
            answer = await supabase_bare.send("POST", "/auth/v1/signup", content=without_end())
            assert answer.status_code == 413
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()
    assert (await supabase_bare.send("GET", "/auth/v1/settings")).status_code == 200


@pytest.mark.parametrize(
    "email",
    [
        "no address",
        "a@b.org\x07",
        "a@b.org\r\nBcc: c@d.org",
        "@",
        "a@" + "b" * 300,
        "a\u202e@b.org",
    ],
)
async def test_what_is_no_address_signs_nobody_up(auth: Project, email: str) -> None:
    before = await auth.sql("select count(*) from auth.users")
    answer = await auth.call("POST", "signup", {"email": email, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
    assert await auth.sql("select count(*) from auth.users") == before


async def test_hostile_text_is_kept_as_text(auth: Project) -> None:
    text = "'; drop table auth.users; -- \u202e \x07 <script> %s {0} \\"
    client = await auth.client()
    made = await client.auth.sign_up(
        {"email": an_email(), "password": text, "options": {"data": {text: text}}}
    )
    assert made.user
    assert made.user.user_metadata[text] == text
    await auth.signed_in(made.user.email or "", text)


async def test_a_forged_user_agent_is_kept_short(auth: Project) -> None:
    body = {"email": an_email(), "password": PASSWORD}
    answer = await auth.call("POST", "signup", body, headers={"user-agent": "x" * 5000})
    user_id = answer.json()["user"]["id"]
    rows = await auth.sql("select user_agent from auth.sessions where user_id = %s", [user_id])
    assert rows == [("x" * 512,)]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "token"), ("DELETE", "user"), ("GET", "authorize?provider=google"), ("POST", "otp"),
        ("GET", "verify"), ("POST", "magiclink"), ("POST", "callback"),
        ("POST", "token?grant_type=pkce"), ("POST", "token?grant_type=id_token"),
        ("POST", "token?grant_type=web3"), ("GET", "admin/audit"), ("PATCH", "admin/users/7"),
        ("GET", "user/identities/authorize"), ("GET", ""), ("GET", "nonsense"),
        ("POST", "passkeys/authentication/options"), ("GET", ".well-known/openid-configuration"),
    ],
)  # fmt: skip
async def test_what_is_not_offered_is_answered_501(auth: Project, method: str, path: str) -> None:
    answer = await auth.call(method, path, {}, token=auth.ctx.keys.secret)
    assert (answer.status_code, answer.json()["code"]) == (501, "feature_disabled")
    assert "not part of the local Supabase" in answer.json()["message"]


@pytest.mark.parametrize("phone_call", ["signup", "token?grant_type=password"])
async def test_a_phone_number_is_answered_501(auth: Project, phone_call: str) -> None:
    body = {"phone": "+436601234567", "password": PASSWORD}
    answer = await auth.call("POST", phone_call, body)
    assert (answer.status_code, answer.json()["code"]) == (501, "feature_disabled")


async def test_an_address_and_a_number_together_are_refused(auth: Project) -> None:
    body = {"email": an_email(), "phone": "+436601234567", "password": PASSWORD}
    for path, action in (("signup", "signup"), ("token?grant_type=password", "login")):
        answer = await auth.call("POST", path, body)
        assert (answer.status_code, answer.json()["message"]) == (
            400,
            f"Only an email address or phone number should be provided on {action}.",
        )


@pytest.mark.parametrize("grant", ["", "?grant_type=", "?grant_type=client_credentials"])
async def test_an_unknown_grant_is_refused_as_upstream_does(auth: Project, grant: str) -> None:
    answer = await auth.call("POST", f"token{grant}", {})
    assert (answer.status_code, answer.json()["message"]) == (400, "unsupported_grant_type")


async def test_a_flood_of_sign_ins_is_refused_in_part_and_everybody_else_served(
    auth: Project,
) -> None:
    email = an_email()
    _, session = await auth.signed_up(email)
    body = {"email": email, "password": "wrong"}
    flood = asyncio.gather(
        *(auth.call("POST", "token?grant_type=password", body) for _ in range(150))
    )
    await asyncio.sleep(0)
    assert (await auth.call("GET", "user", token=session.access_token)).status_code == 200
    statuses = {answer.status_code for answer in await flood}
    assert statuses <= {400, 429}
    await auth.signed_in(email)


async def test_a_lost_database_is_told_as_such(auth_dsn: Dsn, auth_home: Path) -> None:
    places = [auth_dsn]
    async with auth_project(lambda user: places[-1](user), auth_home) as auth:
        places.append(lambda user: f"host=/nowhere user={user}")
        answer = await auth.call(
            "POST", "token?grant_type=password", {"email": an_email(), "password": PASSWORD}
        )
        assert (answer.status_code, answer.json()["message"]) == (
            503,
            "The database cannot be reached",
        )


async def test_the_public_key_is_open_to_everybody_and_may_be_kept(
    auth: Project, auth_home: Path
) -> None:
    answer = await auth.http.get("http://auth.test/auth/v1/.well-known/jwks.json")
    assert answer.json() == Keys.load(auth_home).jwks()
    assert answer.headers["cache-control"] == "public, max-age=600"
    assert "d" not in answer.json()["keys"][0]


async def test_settings_say_which_ways_in_are_open(auth: Project) -> None:
    found = (await auth.call("GET", "settings")).json()
    assert found["external"] == {"anonymous_users": True, "email": True, "phone": False}
    assert found["disable_signup"] is False
    assert found["mailer_autoconfirm"] is True


async def test_health_names_the_api_it_speaks(auth: Project) -> None:
    answer = await auth.http.get("http://auth.test/auth/v1/health")
    assert (answer.status_code, answer.json()["name"]) == (200, "GoTrue")
