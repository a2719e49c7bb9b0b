"""A person's own account (supabase/auth, internal/api/user.go)."""

import asyncio
from pathlib import Path

import pytest
from supabase_auth.errors import AuthApiError, AuthWeakPasswordError
from supabase_auth.types import UserAttributes

from tests.fixtures.auth import PASSWORD, Project, an_email, auth_project, refusal
from tests.fixtures.postgres import Dsn

NEW = "a different password"


async def sessions_of(auth: Project, user_id: str) -> int:
    return len(await auth.sql("select 1 from auth.sessions where user_id = %s", [user_id]))


async def test_a_person_reads_their_own_account(auth: Project) -> None:
    client, session = await auth.signed_up()
    found = await client.auth.get_user()
    assert found
    assert found.user.id == session.user.id
    assert found.user.identities == session.user.identities
    identities = await client.auth.get_user_identities()
    assert [identity.provider for identity in identities.identities] == ["email"]


async def test_nothing_that_is_shown_holds_the_passwords_hash(auth: Project) -> None:
    _, session = await auth.signed_up()
    answer = await auth.call("GET", "user", token=session.access_token)
    assert "$2a$" not in answer.text
    assert "password" not in answer.text


async def test_metadata_is_merged_and_null_removes_a_key(auth: Project) -> None:
    client, _ = await auth.signed_up()
    await client.auth.update_user({"data": {"language": "de", "town": "Graz"}})
    changed = await client.auth.update_user({"data": {"town": None, "size": {"text": 2}}})
    found = changed.user.user_metadata
    assert (found["language"], found["size"]) == ("de", {"text": 2})
    assert "town" not in found
    assert found["sub"] == changed.user.id


async def test_metadata_set_at_once_from_two_places_is_all_kept(auth: Project) -> None:
    client, _ = await auth.signed_up()
    await asyncio.gather(*(client.auth.update_user({"data": {f"k{n}": n}}) for n in range(10)))
    found = await client.auth.get_user()
    assert found
    assert {f"k{n}": n for n in range(10)}.items() <= found.user.user_metadata.items()


async def test_metadata_that_no_token_could_carry_is_refused(auth: Project) -> None:
    client, _ = await auth.signed_up()
    with pytest.raises(AuthApiError) as refused:
        await client.auth.update_user({"data": {"notes": "x" * 9000}})
    assert refusal(refused.value)[:2] == (400, "validation_failed")
    found = await client.auth.get_user()
    assert found
    assert "notes" not in found.user.user_metadata


async def test_a_new_password_works_and_ends_all_other_sessions(auth: Project) -> None:
    email = an_email()
    client, session = await auth.signed_up(email)
    _, elsewhere = await auth.signed_in(email)
    await client.auth.update_user({"password": NEW})
    assert await client.auth.get_user()
    assert (await auth.refresh(session.refresh_token)).status_code == 200
    assert (await auth.refresh(elsewhere.refresh_token)).status_code == 400
    answer = await auth.call("GET", "user", token=elsewhere.access_token)
    assert (answer.status_code, answer.json()["code"]) == (403, "session_not_found")
    with pytest.raises(AuthApiError, match="Invalid login credentials"):
        await auth.signed_in(email)
    await auth.signed_in(email, NEW)


async def test_the_same_password_again_is_refused(auth: Project) -> None:
    client, _ = await auth.signed_up()
    with pytest.raises(AuthApiError) as refused:
        await client.auth.update_user({"password": PASSWORD})
    assert refusal(refused.value) == (
        422,
        "same_password",
        "New password should be different from the old password.",
    )


@pytest.mark.parametrize("password", ["", "12345"])
async def test_a_weak_new_password_is_refused_with_reasons(auth: Project, password: str) -> None:
    email = an_email()
    client, _ = await auth.signed_up(email)
    with pytest.raises(AuthWeakPasswordError) as refused:
        await client.auth.update_user({"password": password})
    assert (refused.value.status, refused.value.reasons) == (422, ["length"])
    await auth.signed_in(email)


async def test_a_new_password_past_72_bytes_is_refused(auth: Project) -> None:
    email = an_email()
    client, _ = await auth.signed_up(email)
    with pytest.raises(AuthApiError) as refused:
        await client.auth.update_user({"password": "x" * 73})
    assert refusal(refused.value) == (
        400,
        "validation_failed",
        "Password cannot be longer than 72 characters",
    )
    await auth.signed_in(email)


async def test_an_old_session_needs_a_recent_sign_in_where_that_is_set(
    auth_dsn: Dsn, auth_home: Path
) -> None:
    async with auth_project(auth_dsn, auth_home, secure_password_change=True) as auth:
        client, session = await auth.signed_up()
        await auth.sql(
            "update auth.sessions set created_at = now() - interval '25 hours' where user_id = %s",
            [session.user.id],
        )
        with pytest.raises(AuthApiError) as refused:
            await client.auth.update_user({"password": NEW})
        assert refusal(refused.value)[:2] == (400, "reauthentication_needed")
        recent, _ = await auth.signed_in(session.user.email or "")
        await recent.auth.update_user({"password": NEW})


async def test_an_anonymous_person_cannot_set_a_password(auth: Project) -> None:
    client = await auth.client()
    await client.auth.sign_in_anonymously()
    with pytest.raises(AuthApiError) as refused:
        await client.auth.update_user({"password": NEW})
    assert refusal(refused.value)[:2] == (422, "validation_failed")


async def test_a_person_cannot_change_their_app_metadata(auth: Project) -> None:
    _, session = await auth.signed_up()
    body = {"app_metadata": {"founds": {"name": "mine"}}, "data": {"a": 1}}
    answer = await auth.call("PUT", "user", body, token=session.access_token)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_admin")
    assert answer.json()["message"] == "Updating app_metadata requires admin privileges"
    found = (await auth.call("GET", "user", token=session.access_token)).json()
    assert found["app_metadata"] == {"provider": "email", "providers": ["email"]}
    assert "a" not in found["user_metadata"]


async def test_fields_that_are_nobodys_to_set_change_nothing(auth: Project) -> None:
    _, session = await auth.signed_up()
    body = {
        "role": "service_role", "is_anonymous": True, "id": "7", "aud": "x", "banned_until": None,
        "encrypted_password": "x", "user_metadata": {"a": 1}, "raw_app_meta_data": {"b": 2},
    }  # fmt: skip
    answer = await auth.call("PUT", "user", body, token=session.access_token)
    assert answer.status_code == 200
    before, after = session.user.model_dump(mode="json"), answer.json()
    for name in ("id", "role", "aud", "is_anonymous", "app_metadata", "user_metadata"):
        assert after[name] == before[name]


@pytest.mark.parametrize(
    "attributes",
    [
        {"email": "other@example.org"},
        {"phone": "+4366012345"},
        {"password": NEW, "nonce": "123456"},
        {"password": NEW, "current_password": "not even the right one"},
    ],
)
async def test_what_would_need_a_mail_or_a_code_is_answered_501(
    auth: Project, attributes: UserAttributes
) -> None:
    email = an_email()
    client, _ = await auth.signed_up(email)
    with pytest.raises(AuthApiError) as refused:
        await client.auth.update_user(attributes)
    assert refusal(refused.value)[:2] == (501, "feature_disabled")
    await auth.signed_in(email)


async def test_ones_own_address_again_is_no_change(auth: Project) -> None:
    client, session = await auth.signed_up("Same.One@example.org")
    changed = await client.auth.update_user({"email": "SAME.one@example.org", "data": {"a": 1}})
    assert changed.user.email == session.user.email
    assert changed.user.user_metadata["a"] == 1


async def test_a_sign_in_that_overlaps_a_password_change_does_not_outlive_it(
    auth: Project,
) -> None:
    for _ in range(15):
        email = an_email()
        client, session = await auth.signed_up(email)
        await asyncio.gather(
            auth.signed_in(email),
            auth.signed_in(email),
            client.auth.update_user({"password": NEW}),
            return_exceptions=True,
        )
        assert await sessions_of(auth, session.user.id) == 1
        assert await client.auth.get_user()


async def test_of_two_password_changes_at_once_one_session_is_left(auth: Project) -> None:
    for _ in range(10):
        email = an_email()
        one, session = await auth.signed_up(email)
        two, _ = await auth.signed_in(email)
        passwords = ["the password of one", "the password of two"]
        answers = await asyncio.gather(
            one.auth.update_user({"password": passwords[0]}),
            two.auth.update_user({"password": passwords[1]}),
            return_exceptions=True,
        )
        won = [n for n, answer in enumerate(answers) if not isinstance(answer, Exception)]
        assert len(won) == 1
        assert await sessions_of(auth, session.user.id) == 1
        await auth.signed_in(email, passwords[won[0]])
