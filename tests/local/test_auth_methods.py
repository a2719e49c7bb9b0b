"""Every method of the client's auth objects is decided: offered, answered 501, or the client's
own affair. A new version of the client that brings another method fails here until it is.
"""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from supabase import AsyncClient
from supabase_auth.errors import AuthApiError
from supabase_auth.types import CreateOAuthClientParams, UpdateOAuthClientParams

from tests.fixtures.auth import PASSWORD, Project, an_email

Use = Callable[[AsyncClient], Awaitable[Any]]
ID = str(uuid4())
EMAIL = "somebody@example.org"

# Each of these has tests of its own beside this file.
OFFERED = {
    "auth.sign_up", "auth.sign_in_with_password", "auth.sign_in_anonymously", "auth.sign_out",
    "auth.refresh_session", "auth.set_session", "auth.get_user", "auth.update_user",
    "auth.get_user_identities", "auth.get_claims", "auth.mfa.list_factors",
    "auth.admin.sign_out", "auth.admin.create_user", "auth.admin.list_users",
    "auth.admin.get_user_by_id", "auth.admin.update_user_by_id", "auth.admin.delete_user",
    "auth.admin.invite_user_by_email", "auth.verify_otp",
}  # fmt: skip

# Asks nobody, or only what `refresh_session` and `get_user` ask.
WITHOUT_A_CALL = {
    "auth.get_session", "auth.initialize", "auth.initialize_from_storage",
    "auth.initialize_from_url", "auth.on_auth_state_change", "auth.sign_in_with_oauth",
    "auth.mfa.get_authenticator_assurance_level", "auth.close", "auth.admin.close",
}  # fmt: skip

ANSWERED_501: dict[str, Use] = {
    "auth.sign_in_with_otp": lambda c: c.auth.sign_in_with_otp({"email": EMAIL}),
    "auth.resend": lambda c: c.auth.resend({"email": EMAIL, "type": "signup"}),
    "auth.reauthenticate": lambda c: c.auth.reauthenticate(),
    "auth.reset_password_for_email": lambda c: c.auth.reset_password_for_email(EMAIL),
    "auth.reset_password_email": lambda c: c.auth.reset_password_email(EMAIL),
    "auth.sign_in_with_sso": lambda c: c.auth.sign_in_with_sso({"domain": "example.org"}),
    "auth.sign_in_with_id_token": lambda c: c.auth.sign_in_with_id_token(
        {"provider": "google", "token": "x"}
    ),
    "auth.exchange_code_for_session": lambda c: c.auth.exchange_code_for_session(
        {"auth_code": "x", "code_verifier": "y", "redirect_to": "http://localhost"}
    ),
    "auth.link_identity": lambda c: c.auth.link_identity({"provider": "github"}),
    "auth.unlink_identity": lambda c: unlinked(c),
    "auth.mfa.enroll": lambda c: c.auth.mfa.enroll(
        {"factor_type": "totp", "friendly_name": "phone", "issuer": "x"}
    ),
    "auth.mfa.challenge": lambda c: c.auth.mfa.challenge({"factor_id": ID, "channel": "sms"}),
    "auth.mfa.challenge_and_verify": lambda c: c.auth.mfa.challenge_and_verify(
        {"factor_id": ID, "code": "123456"}
    ),
    "auth.mfa.verify": lambda c: c.auth.mfa.verify(
        {"factor_id": ID, "challenge_id": ID, "code": "123456"}
    ),
    "auth.mfa.unenroll": lambda c: c.auth.mfa.unenroll({"factor_id": ID}),
    "auth.admin.generate_link": lambda c: c.auth.admin.generate_link(
        {"type": "magiclink", "email": EMAIL}
    ),
    "auth.admin.mfa.list_factors": lambda c: c.auth.admin.mfa.list_factors({"user_id": ID}),
    "auth.admin.mfa.delete_factor": lambda c: c.auth.admin.mfa.delete_factor(
        {"user_id": ID, "id": ID}
    ),
    "auth.admin.oauth.list_clients": lambda c: c.auth.admin.oauth.list_clients(),
    "auth.admin.oauth.create_client": lambda c: c.auth.admin.oauth.create_client(
        CreateOAuthClientParams(client_name="x", redirect_uris=["http://localhost"])
    ),
    "auth.admin.oauth.get_client": lambda c: c.auth.admin.oauth.get_client(ID),
    "auth.admin.oauth.update_client": lambda c: c.auth.admin.oauth.update_client(
        ID, UpdateOAuthClientParams(client_name="y")
    ),
    "auth.admin.oauth.delete_client": lambda c: c.auth.admin.oauth.delete_client(ID),
    "auth.admin.oauth.regenerate_client_secret": (
        lambda c: c.auth.admin.oauth.regenerate_client_secret(ID)
    ),
}


async def unlinked(client: AsyncClient) -> None:
    identities = (await client.auth.get_user_identities()).identities
    await client.auth.unlink_identity(identities[0])


def methods_of(client: AsyncClient) -> set[str]:
    """The public methods of the client's auth object and of the objects it holds."""
    auth = client.auth
    parts = {
        "auth": auth,
        "auth.mfa": auth.mfa,
        "auth.admin": auth.admin,
        "auth.admin.mfa": auth.admin.mfa,
        "auth.admin.oauth": auth.admin.oauth,
    }
    held = {
        f"{path}.{name}"
        for path, part in parts.items()
        for name, value in vars(part).items()
        if not name.startswith("_") and type(value).__module__.startswith("supabase_auth")
    }
    assert held <= set(parts), "the client has a part that nobody looked at"
    return {
        f"{path}.{name}"
        for path, part in parts.items()
        for name, value in inspect.getmembers(part, callable)
        if not name.startswith("_") and not inspect.isclass(value)
    }


async def test_every_method_of_the_client_is_decided(auth: Project) -> None:
    found = methods_of(await auth.client())
    decided = OFFERED | WITHOUT_A_CALL | set(ANSWERED_501)
    assert found - decided == set(), "methods nobody decided about"
    assert decided - found == set(), "decisions about methods that are gone"


def test_no_method_is_decided_twice() -> None:
    kinds = (OFFERED, WITHOUT_A_CALL, set(ANSWERED_501))
    assert sum(map(len, kinds)) == len(set().union(*kinds))


@pytest.mark.parametrize("name", ANSWERED_501)
async def test_a_method_outside_the_subset_is_answered_501(auth: Project, name: str) -> None:
    client = await auth.admin() if ".admin." in name else (await auth.signed_up())[0]
    with pytest.raises(AuthApiError) as refused:
        await ANSWERED_501[name](client)
    assert (refused.value.status, refused.value.code) == (501, "feature_disabled")
    assert "not part of the local Supabase" in refused.value.message


async def test_the_remaining_offered_methods_work(auth: Project) -> None:
    """Those that no other test calls by this name."""
    client, session = await auth.signed_up()
    other = await auth.client()
    restored = await other.auth.set_session(session.access_token, session.refresh_token)
    assert restored.user
    assert restored.user.id == session.user.id
    factors = await client.auth.mfa.list_factors()
    assert factors.all == []
    level = await client.auth.mfa.get_authenticator_assurance_level()
    assert (level.current_level, level.next_level) == ("aal1", "aal1")
    await (await auth.admin()).auth.admin.sign_out(session.access_token, "global")
    assert (await auth.refresh(session.refresh_token)).status_code == 400


async def test_an_administrator_who_is_signed_in_reaches_the_same_answers(auth: Project) -> None:
    client = await auth.admin()
    made = await client.auth.admin.create_user(
        {"email": an_email(), "password": PASSWORD, "email_confirm": True}
    )
    found = await client.auth.admin.get_user_by_id(made.user.id)
    assert found == made
