"""Signing up, in and out, as supabase/auth does (internal/api/{signup,token,logout}.go)."""

import time
from pathlib import Path
from typing import Any, Literal

import pytest
from supabase_auth.errors import AuthApiError, AuthWeakPasswordError

from app.local.db import RequestInfo
from tests.fixtures.auth import PASSWORD, Project, an_email, auth_project, refusal
from tests.fixtures.postgres import Dsn, Server

INVALID = (400, "invalid_credentials", "Invalid login credentials")


async def test_the_whole_story_works_on_each_major_version(server: Server, auth_home: Path) -> None:
    async with auth_project(server.new_database(migrated=False), auth_home) as auth:
        client, first = await auth.signed_up("Amira@Example.org")
        assert first.user.email == "amira@example.org"
        refreshed = (await client.auth.refresh_session()).session
        assert refreshed
        assert refreshed.refresh_token != first.refresh_token
        back, _ = await auth.signed_in("AMIRA@example.ORG")
        await back.auth.update_user({"password": "quite another one", "data": {"language": "ar"}})
        await back.auth.sign_out()
        _, again = await auth.signed_in("amira@example.org", "quite another one")
        assert again.user.user_metadata["language"] == "ar"
        admin = await auth.admin()
        await admin.auth.admin.delete_user(again.user.id)
        assert await auth.sql("select 1 from auth.sessions") == []


async def test_a_new_person_is_confirmed_and_signed_in_at_once(auth: Project) -> None:
    email = an_email()
    client = await auth.client()
    made = await client.auth.sign_up(
        {"email": email, "password": PASSWORD, "options": {"data": {"language": "de"}}}
    )
    assert made.session
    assert made.session.token_type == "bearer"
    assert made.session.expires_in == 3600
    user = made.session.user
    assert (user.email, user.phone, user.role, user.aud) == (email, "", *["authenticated"] * 2)
    assert user.app_metadata == {"provider": "email", "providers": ["email"]}
    # RemoveUnconfirmedIdentities in internal/models/user.go: the identity's data becomes it.
    assert user.user_metadata == {
        "email": email,
        "email_verified": True,
        "language": "de",
        "phone_verified": False,
        "sub": user.id,
    }
    assert user.email_confirmed_at
    assert user.confirmed_at == user.email_confirmed_at
    assert user.last_sign_in_at
    assert not user.is_anonymous
    assert user.identities
    identity = user.identities[0]
    assert (identity.id, identity.user_id, identity.provider) == (user.id, user.id, "email")
    assert identity.identity_data["email"] == email


async def test_an_access_token_carries_hosted_supabases_claims(auth: Project) -> None:
    client, session = await auth.signed_up()
    claims = await client.auth.get_claims()
    assert claims
    assert claims["headers"]["alg"] == "ES256"
    found: dict[str, Any] = {**claims["claims"]}
    issued = found["iat"]
    assert abs(issued - time.time()) < 30
    assert found["amr"][0]["method"] == "password"
    assert abs(found["amr"][0]["timestamp"] - issued) <= 1
    [(session_id,)] = await auth.sql(
        "select id::text from auth.sessions where user_id = %s", [session.user.id]
    )
    assert {**found, "amr": []} == {
        "iss": "http://auth.test/auth/v1",
        "sub": session.user.id,
        "aud": "authenticated",
        "exp": issued + 3600,
        "iat": issued,
        "email": session.user.email,
        "phone": "",
        "app_metadata": session.user.app_metadata,
        "user_metadata": session.user.user_metadata,
        "role": "authenticated",
        "aal": "aal1",
        "amr": [],
        "session_id": session_id,
        "is_anonymous": False,
    }


async def test_an_access_token_opens_the_database_as_its_person(auth: Project) -> None:
    _, session = await auth.signed_up()
    claims = auth.ctx.keys.verify(session.access_token)
    rows = await auth.ctx.database.as_claims(
        claims,
        "select auth.uid()::text, auth.role(), current_user",
        read_only=True,
        request=RequestInfo("GET", "/"),
    )
    assert rows == [(session.user.id, "authenticated", "authenticated")]


async def test_a_persons_metadata_cannot_replace_what_their_identity_says(auth: Project) -> None:
    client = await auth.client()
    email = an_email()
    forged = {"sub": "someone", "email": "boss@example.org", "email_verified": False}
    made = await client.auth.sign_up(
        {"email": email, "password": PASSWORD, "options": {"data": forged}}
    )
    assert made.user
    assert made.user.user_metadata["sub"] == made.user.id
    assert made.user.user_metadata["email"] == email
    assert made.user.user_metadata["email_verified"] is True


async def test_an_address_signs_up_once_whatever_its_case(auth: Project) -> None:
    await auth.signed_up("once@example.org")
    client = await auth.client()
    with pytest.raises(AuthApiError) as refused:
        await client.auth.sign_up({"email": "Once@Example.ORG", "password": "another password"})
    assert refusal(refused.value) == (422, "user_already_exists", "User already registered")
    await auth.signed_in("once@example.org")


async def test_an_account_made_without_confirmation_cannot_be_taken_by_signing_up(
    auth: Project,
) -> None:
    admin = await auth.admin()
    await admin.auth.admin.create_user({"email": "later@example.org", "password": PASSWORD})
    client = await auth.client()
    with pytest.raises(AuthApiError, match="User already registered"):
        await client.auth.sign_up({"email": "later@example.org", "password": "of a thief"})
    with pytest.raises(AuthApiError) as refused:
        await auth.signed_in("later@example.org")
    assert refusal(refused.value) == (400, "email_not_confirmed", "Email not confirmed")


@pytest.mark.parametrize("password", ["wrong", PASSWORD + " ", "", "x" * 73, "\x01\x02", "ä" * 40])
async def test_a_wrong_password_is_refused(auth: Project, password: str) -> None:
    email = an_email()
    await auth.signed_up(email)
    answer = await auth.call(
        "POST", "token?grant_type=password", {"email": email, "password": password}
    )
    body = answer.json()
    assert (answer.status_code, body["code"], body["message"]) == INVALID
    assert answer.headers["x-supabase-api-version"] == "2024-01-01"


async def test_an_unknown_address_gets_the_answer_of_a_wrong_password(auth: Project) -> None:
    email = an_email()
    await auth.signed_up(email)
    answers = [
        await auth.call("POST", "token?grant_type=password", {"email": who, "password": "wrong"})
        for who in (email, an_email(), "no address at all", "'; drop table auth.users; --")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (400, answers[0].content)
    }
    kept = {"date", "content-length"}
    heads = [{k: v for k, v in answer.headers.items() if k not in kept} for answer in answers]
    assert all(head == heads[0] for head in heads)


async def test_a_banned_person_is_told_so_only_with_the_right_password(auth: Project) -> None:
    _, session = await auth.signed_up("banned@example.org")
    admin = await auth.admin()
    await admin.auth.admin.update_user_by_id(session.user.id, {"ban_duration": "24h"})
    with pytest.raises(AuthApiError) as refused:
        await auth.signed_in("banned@example.org", "wrong")
    assert refusal(refused.value) == INVALID
    with pytest.raises(AuthApiError) as banned:
        await auth.signed_in("banned@example.org")
    assert refusal(banned.value) == (400, "user_banned", "User is banned")


async def test_a_sign_in_with_a_password_now_too_weak_says_so(
    auth_dsn: Dsn, auth_home: Path
) -> None:
    async with auth_project(auth_dsn, auth_home, password_min_length=30) as auth:
        admin = await auth.admin()
        email = an_email()
        await admin.auth.admin.create_user(
            {"email": email, "password": PASSWORD, "email_confirm": True}
        )
        answer = await auth.call(
            "POST", "token?grant_type=password", {"email": email, "password": PASSWORD}
        )
        assert answer.status_code == 200
        assert answer.json()["weak_password"] == {
            "message": "Password should be at least 30 characters.",
            "reasons": ["length"],
        }


async def test_a_weak_password_is_refused_at_sign_up_with_reasons(auth: Project) -> None:
    client = await auth.client()
    email = an_email()
    with pytest.raises(AuthWeakPasswordError) as refused:
        await client.auth.sign_up({"email": email, "password": "short"})
    assert refused.value.status == 422
    assert refused.value.reasons == ["length"]
    assert refused.value.message == "Password should be at least 6 characters."
    assert await auth.sql("select 1 from auth.users where email = %s", [email]) == []


async def test_closed_sign_up_makes_nobody_but_lets_people_in(
    auth_dsn: Dsn, auth_home: Path
) -> None:
    async with auth_project(auth_dsn, auth_home, enable_signup=False) as auth:
        client = await auth.client()
        closed = (422, "signup_disabled", "Signups not allowed for this instance")
        with pytest.raises(AuthApiError) as refused:
            await client.auth.sign_up({"email": an_email(), "password": PASSWORD})
        assert refusal(refused.value) == closed
        with pytest.raises(AuthApiError) as anonymous:
            await client.auth.sign_in_anonymously()
        assert refusal(anonymous.value) == closed
        email = an_email()
        admin = await auth.admin()
        await admin.auth.admin.create_user(
            {"email": email, "password": PASSWORD, "email_confirm": True}
        )
        await auth.signed_in(email)


async def test_an_anonymous_person_is_signed_in_without_an_address(auth: Project) -> None:
    client = await auth.client()
    made = await client.auth.sign_in_anonymously({"options": {"data": {"language": "ar"}}})
    assert made.session
    user = made.session.user
    assert user.is_anonymous
    assert (user.email, user.app_metadata, user.identities) == ("", {}, [])
    assert user.user_metadata == {"language": "ar"}
    claims = auth.ctx.keys.verify(made.session.access_token)
    assert claims["is_anonymous"] is True
    assert claims["amr"][0]["method"] == "anonymous"
    assert (await client.auth.refresh_session()).session


async def test_anonymous_sign_in_can_be_closed(auth_dsn: Dsn, auth_home: Path) -> None:
    async with auth_project(auth_dsn, auth_home, enable_anonymous=False) as auth:
        client = await auth.client()
        with pytest.raises(AuthApiError) as refused:
            await client.auth.sign_in_anonymously()
        assert refusal(refused.value) == (
            422,
            "anonymous_provider_disabled",
            "Anonymous sign-ins are disabled",
        )


async def test_email_can_be_closed_as_a_way_in(auth_dsn: Dsn, auth_home: Path) -> None:
    async with auth_project(auth_dsn, auth_home, enable_email_signup=False) as auth:
        client = await auth.client()
        with pytest.raises(AuthApiError) as up:
            await client.auth.sign_up({"email": an_email(), "password": PASSWORD})
        assert refusal(up.value) == (400, "email_provider_disabled", "Email signups are disabled")
        with pytest.raises(AuthApiError) as back:
            await auth.signed_in(an_email())
        assert refusal(back.value) == (422, "email_provider_disabled", "Email logins are disabled")


@pytest.mark.parametrize(
    ("scope", "still_in"),
    [("local", {"b", "c"}), ("others", {"a"}), ("global", set())],
)
async def test_signing_out_ends_the_sessions_of_its_scope(
    auth: Project, scope: Literal["local", "others", "global"], still_in: set[str]
) -> None:
    email = an_email()
    bystander, _ = await auth.signed_up()
    clients = {"a": (await auth.signed_up(email))[0]}
    for name in ("b", "c"):
        clients[name] = (await auth.signed_in(email))[0]
    sessions = {name: await client.auth.get_session() for name, client in clients.items()}
    await clients["a"].auth.sign_out({"scope": scope})
    found = set()
    for name, session in sessions.items():
        assert session
        answer = await auth.call("GET", "user", token=session.access_token)
        fresh = await auth.call(
            "POST", "token?grant_type=refresh_token", {"refresh_token": session.refresh_token}
        )
        if answer.status_code == 200:
            assert fresh.status_code == 200
            found.add(name)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "session_not_found")
            assert (fresh.status_code, fresh.json()["code"]) == (400, "refresh_token_not_found")
    assert found == still_in
    assert await bystander.auth.get_user()


async def test_signing_out_answers_204_without_a_body(auth: Project) -> None:
    _, session = await auth.signed_up()
    answer = await auth.call("POST", "logout?scope=local", token=session.access_token)
    assert (answer.status_code, answer.content) == (204, b"")


async def test_an_unknown_scope_signs_nobody_out(auth: Project) -> None:
    _, session = await auth.signed_up()
    answer = await auth.call("POST", "logout?scope=all", token=session.access_token)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")
    assert (await auth.call("GET", "user", token=session.access_token)).status_code == 200
