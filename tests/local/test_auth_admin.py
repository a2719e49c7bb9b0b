"""Accounts as the holder of the secret key manages them (supabase/auth, internal/api/admin.go)."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from supabase_auth.errors import AuthApiError

from tests.fixtures.auth import PASSWORD, Project, an_email, refusal

NOBODY = "5f3c2a10-7b1e-4d7c-9a55-0c2f6f9a1e42"
CALLS = [
    ("POST", "admin/users"),
    ("GET", "admin/users"),
    ("GET", f"admin/users/{NOBODY}"),
    ("PUT", f"admin/users/{NOBODY}"),
    ("DELETE", f"admin/users/{NOBODY}"),
]


async def test_an_account_is_made_with_everything_an_administrator_may_set(auth: Project) -> None:
    admin = (await auth.admin()).auth.admin
    email, user_id = an_email(), str(uuid4())
    made = await admin.create_user(
        {
            "id": user_id,
            "email": email.upper(),
            "password": PASSWORD,
            "email_confirm": True,
            "app_metadata": {"founds": {"name": "Haus"}, "nothing": None},
            "user_metadata": {"language": "de"},
        }
    )
    user = made.user
    assert (user.id, user.email, user.role) == (user_id, email, "authenticated")
    assert user.app_metadata == {
        "provider": "email",
        "providers": ["email"],
        "founds": {"name": "Haus"},
    }
    assert user.user_metadata == {"language": "de", "email_verified": True}
    assert user.email_confirmed_at
    assert user.last_sign_in_at is None
    found = await admin.get_user_by_id(user_id)
    assert found.user == user
    _, session = await auth.signed_in(email)
    assert auth.ctx.keys.verify(session.access_token)["app_metadata"] == user.app_metadata


async def test_an_account_without_a_password_lets_nobody_in(auth: Project) -> None:
    admin = (await auth.admin()).auth.admin
    email = an_email()
    await admin.create_user({"email": email, "email_confirm": True})
    for password in ("", " ", "null", "password"):
        answer = await auth.call(
            "POST", "token?grant_type=password", {"email": email, "password": password}
        )
        assert answer.json()["code"] == "invalid_credentials"


async def test_an_address_or_an_id_is_given_once(auth: Project) -> None:
    admin = (await auth.admin()).auth.admin
    email = an_email()
    made = await admin.create_user({"email": email})
    message = "A user with this email address has already been registered"
    with pytest.raises(AuthApiError) as same_email:
        await admin.create_user({"email": email.upper()})
    assert refusal(same_email.value) == (422, "email_exists", message)
    with pytest.raises(AuthApiError) as same_id:
        await admin.create_user({"email": an_email(), "id": made.user.id})
    assert refusal(same_id.value)[:2] == (422, "email_exists")
    assert (await admin.get_user_by_id(made.user.id)).user.email == email


async def test_the_newest_accounts_are_listed_first_in_pages(auth: Project) -> None:
    admin = (await auth.admin()).auth.admin
    made = [(await admin.create_user({"email": an_email()})).user.id for _ in range(5)]
    newest_first = list(reversed(made))
    pages = [await admin.list_users(page=page, per_page=2) for page in (1, 2)]
    assert [user.id for page in pages for user in page] == newest_first[:4]
    assert [user.id for user in await admin.list_users()][:5] == newest_first
    assert await admin.list_users(page=100_000, per_page=1000) == []


async def test_a_page_tells_how_many_there_are_and_where_to_go_on(auth: Project) -> None:
    for _ in range(3):
        await (await auth.admin()).auth.admin.create_user({"email": an_email()})
    answer = await auth.call("GET", "admin/users?page=1&per_page=2", token=auth.ctx.keys.secret)
    total = int(answer.headers["x-total-count"])
    [(counted,)] = await auth.sql("select count(*) from auth.users")
    assert total == counted >= 3
    links = re.findall(r'<[^>]*[?&]page=(\d+)[^>]*>; rel="(\w+)"', answer.headers["link"])
    assert links == [("2", "next"), (str(-(-total // 2)), "last")]
    assert answer.json()["aud"] == "authenticated"


@pytest.mark.parametrize(
    "query", ["page=-1", "page=x", "per_page=1e3", "page=٣", "page=" + "9" * 30]
)
async def test_a_page_that_is_no_number_is_refused(auth: Project, query: str) -> None:
    answer = await auth.call("GET", f"admin/users?{query}", token=auth.ctx.keys.secret)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")


async def test_metadata_is_merged_by_an_update(auth: Project) -> None:
    admin = (await auth.admin()).auth.admin
    made = await admin.create_user(
        {"email": an_email(), "app_metadata": {"machine": "live", "old": 1}}
    )
    changed = await admin.update_user_by_id(
        made.user.id, {"app_metadata": {"old": None, "new": 2}, "user_metadata": {"a": 1}}
    )
    assert changed.user.app_metadata == {
        "provider": "email",
        "providers": ["email"],
        "machine": "live",
        "new": 2,
    }
    assert changed.user.user_metadata == {"a": 1}


async def test_a_new_password_from_an_administrator_ends_every_session(auth: Project) -> None:
    email = an_email()
    _, session = await auth.signed_up(email)
    admin = (await auth.admin()).auth.admin
    await admin.update_user_by_id(session.user.id, {"password": "given by somebody"})
    assert (await auth.refresh(session.refresh_token)).status_code == 400
    with pytest.raises(AuthApiError, match="Invalid login credentials"):
        await auth.signed_in(email)
    await auth.signed_in(email, "given by somebody")


async def test_a_new_address_from_an_administrator_is_the_one_to_sign_in_with(
    auth: Project,
) -> None:
    old, new = an_email(), an_email()
    _, session = await auth.signed_up(old)
    admin = (await auth.admin()).auth.admin
    changed = await admin.update_user_by_id(
        session.user.id, {"email": new.upper(), "email_confirm": True}
    )
    assert changed.user.email == new
    assert changed.user.identities
    assert changed.user.identities[0].identity_data["email"] == new
    assert changed.user.identities[0].identity_data["email_verified"] is True
    with pytest.raises(AuthApiError, match="Invalid login credentials"):
        await auth.signed_in(old)
    await auth.signed_in(new)


async def test_an_anonymous_person_gets_an_address_from_an_administrator(auth: Project) -> None:
    client = await auth.client()
    guest = await client.auth.sign_in_anonymously()
    assert guest.user
    email = an_email()
    admin = (await auth.admin()).auth.admin
    changed = await admin.update_user_by_id(
        guest.user.id, {"email": email, "email_confirm": True, "password": PASSWORD}
    )
    assert not changed.user.is_anonymous
    assert [identity.provider for identity in changed.user.identities or []] == ["email"]
    await auth.signed_in(email)


async def test_an_address_in_use_is_not_given_by_an_update(auth: Project) -> None:
    _, one = await auth.signed_up()
    _, two = await auth.signed_up()
    admin = (await auth.admin()).auth.admin
    with pytest.raises(AuthApiError) as refused:
        await admin.update_user_by_id(one.user.id, {"email": two.user.email or ""})
    assert refusal(refused.value)[:2] == (422, "email_exists")
    found = (await admin.get_user_by_id(one.user.id)).user
    assert found.email == one.user.email
    assert found.identities
    assert found.identities[0].identity_data["email"] == one.user.email


async def test_confirming_lets_somebody_in(auth: Project) -> None:
    admin = (await auth.admin()).auth.admin
    email = an_email()
    made = await admin.create_user({"email": email, "password": PASSWORD})
    assert made.user.email_confirmed_at is None
    changed = await admin.update_user_by_id(made.user.id, {"email_confirm": True})
    assert changed.user.email_confirmed_at
    assert changed.user.user_metadata["email_verified"] is True
    await auth.signed_in(email)


async def test_a_ban_is_shown_with_its_end(auth: Project) -> None:
    admin = (await auth.admin()).auth.admin
    made = await admin.create_user({"email": an_email(), "ban_duration": "24h"})
    assert made.user.banned_until
    until = datetime.fromisoformat(made.user.banned_until)
    assert abs(until - datetime.now(UTC) - timedelta(hours=24)) < timedelta(minutes=1)
    lifted = await admin.update_user_by_id(made.user.id, {"ban_duration": "none"})
    assert lifted.user.banned_until is None


async def test_a_removed_account_leaves_nothing_and_its_tokens_open_nothing(auth: Project) -> None:
    email = an_email()
    _, session = await auth.signed_up(email)
    admin = (await auth.admin()).auth.admin
    await admin.delete_user(session.user.id)
    for table in ("identities", "sessions"):
        left = await auth.sql(f"select 1 from auth.{table} where user_id = %s", [session.user.id])
        assert left == []
    answer = await auth.call("GET", "user", token=session.access_token)
    assert (answer.status_code, answer.json()["code"]) == (403, "user_not_found")
    assert (await auth.refresh(session.refresh_token)).json()["code"] == "refresh_token_not_found"
    with pytest.raises(AuthApiError) as gone:
        await admin.get_user_by_id(session.user.id)
    assert refusal(gone.value) == (404, "user_not_found", "User not found")
    await auth.signed_up(email)


async def test_a_signed_in_client_still_has_an_administrator_in_its_admin_part(
    auth: Project,
) -> None:
    """supabase-py's admin keeps the headers it was made with; the gateway must go by them."""
    client = await auth.admin()
    email = an_email()
    await client.auth.admin.create_user(
        {"email": email, "password": PASSWORD, "email_confirm": True}
    )
    await client.auth.sign_in_with_password({"email": email, "password": PASSWORD})
    assert await client.auth.admin.list_users(per_page=1)


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_only_the_secret_key_manages_accounts(auth: Project, method: str, path: str) -> None:
    _, session = await auth.signed_up()
    body = {"email": an_email(), "password": PASSWORD}
    before = await auth.sql("select count(*), max(updated_at) from auth.users")
    keys = auth.ctx.keys
    now = int(datetime.now(UTC).timestamp())
    refusals = {
        "nobody": (None, 401, "no_authorization"),
        "publishable": (keys.publishable, 403, "not_admin"),
        "person": (session.access_token, 403, "not_admin"),
        "garbage": ("garbage", 403, "bad_jwt"),
        "expired": (keys.sign({"role": "service_role", "exp": now - 60}), 403, "bad_jwt"),
        "almost": (keys.secret[:-1] + "x", 403, "bad_jwt"),
    }
    for token, status, code in refusals.values():
        answer = await auth.call(method, path, body, token=token)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    with_secret_apikey_only = {"apikey": keys.secret}
    answer = await auth.call(
        method, path, body, token=session.access_token, headers=with_secret_apikey_only
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "not_admin")
    assert await auth.sql("select count(*), max(updated_at) from auth.users") == before


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize(
    ("user_id", "code"),
    [(NOBODY, "user_not_found"), ("7", "validation_failed"), ("%00", "validation_failed")],
)
async def test_an_account_that_does_not_exist_is_not_found(
    auth: Project, method: str, user_id: str, code: str
) -> None:
    answer = await auth.call(method, f"admin/users/{user_id}", {}, token=auth.ctx.keys.secret)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({}, "validation_failed"),
        ({"email": ""}, "validation_failed"),
        ({"email": "no address"}, "validation_failed"),
        ({"email": 7}, "bad_json"),
        ({"id": "7"}, "validation_failed"),
        ({"password": "x" * 73}, "validation_failed"),
        ({"ban_duration": "never"}, "validation_failed"),
        ({"app_metadata": []}, "bad_json"),
        ({"app_metadata": {"a": "x" * 9000}}, "validation_failed"),
        ({"email_confirm": "yes"}, "bad_json"),
        ({"phone": "+436601234567"}, "feature_disabled"),
        ({"password_hash": "$2a$10$abc"}, "feature_disabled"),
        ({"role": "service_role"}, "feature_disabled"),
        ({"role": "postgres"}, "feature_disabled"),
        ({"aud": "other"}, "feature_disabled"),
    ],
)
async def test_an_account_that_cannot_be_is_not_made(
    auth: Project, attributes: dict[str, object], code: str
) -> None:
    before = await auth.sql("select count(*) from auth.users")
    email = {} if attributes in ({}, {"email": ""}) else {"email": an_email()}
    body = {**email, **attributes}
    answer = await auth.call("POST", "admin/users", body, token=auth.ctx.keys.secret)
    assert answer.status_code == (501 if code == "feature_disabled" else 400)
    assert answer.json()["code"] == code
    assert await auth.sql("select count(*) from auth.users") == before


async def test_softly_deleting_is_answered_501_and_deletes_nothing(auth: Project) -> None:
    _, session = await auth.signed_up()
    admin = (await auth.admin()).auth.admin
    with pytest.raises(AuthApiError) as refused:
        await admin.delete_user(session.user.id, should_soft_delete=True)
    assert refusal(refused.value)[:2] == (501, "feature_disabled")
    assert (await admin.get_user_by_id(session.user.id)).user.id == session.user.id
