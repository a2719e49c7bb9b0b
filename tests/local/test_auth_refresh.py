"""Refreshing: rotation, re-use and what happens to a copied token.

The rules and messages are those of supabase/auth's signed refresh tokens
(internal/tokens/service.go, RefreshTokenGrant).
"""

import asyncio
import random
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from supabase_auth.errors import AuthApiError
from supabase_auth.types import Session

from app.local.auth.refresh_tokens import RefreshToken, RefreshTokens
from tests.fixtures.auth import QUICK, Project, an_email, auth_project, refusal
from tests.fixtures.postgres import Dsn

ALREADY_USED = (400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")
NOT_FOUND = (400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found")


async def refreshed(auth: Project, refresh_token: str) -> Session:
    client = await auth.client()
    session = (await client.auth.refresh_session(refresh_token)).session
    assert session
    return session


async def refused(auth: Project, refresh_token: str) -> tuple[int, str | None, str]:
    with pytest.raises(AuthApiError) as error:
        await refreshed(auth, refresh_token)
    return refusal(error.value)


async def let_pass(auth: Project, seconds: int) -> None:
    """Move every rotation into the past."""
    await auth.sql(
        "update auth.sessions set refreshed_at = refreshed_at - make_interval(secs => %s)",
        [seconds],
    )


async def test_a_refresh_gives_a_new_pair_of_the_same_session(auth: Project) -> None:
    _, first = await auth.signed_up()
    second = await refreshed(auth, first.refresh_token)
    assert second.refresh_token != first.refresh_token
    assert second.user.id == first.user.id
    before, after = (auth.ctx.keys.verify(s.access_token) for s in (first, second))
    assert after["session_id"] == before["session_id"]
    assert after["amr"] == before["amr"]
    assert (await auth.call("GET", "user", token=first.access_token)).status_code == 200


async def test_a_refresh_brings_the_persons_newest_data(auth: Project) -> None:
    _, first = await auth.signed_up()
    admin = await auth.admin()
    await admin.auth.admin.update_user_by_id(first.user.id, {"app_metadata": {"founds": 1}})
    second = await refreshed(auth, first.refresh_token)
    assert auth.ctx.keys.verify(second.access_token)["app_metadata"]["founds"] == 1


async def test_a_token_whose_answer_was_lost_gives_the_newest_again(auth: Project) -> None:
    _, first = await auth.signed_up()
    second = await refreshed(auth, first.refresh_token)
    await let_pass(auth, 3600)
    again = await refreshed(auth, first.refresh_token)
    assert again.refresh_token == second.refresh_token
    third = await refreshed(auth, second.refresh_token)
    assert third.refresh_token not in {first.refresh_token, second.refresh_token}


async def test_an_old_token_within_the_interval_gives_the_newest(auth: Project) -> None:
    _, first = await auth.signed_up()
    second = await refreshed(auth, first.refresh_token)
    third = await refreshed(auth, second.refresh_token)
    await let_pass(auth, 8)
    again = await refreshed(auth, first.refresh_token)
    assert again.refresh_token == third.refresh_token


async def test_re_using_a_token_does_not_lengthen_its_interval(auth: Project) -> None:
    _, first = await auth.signed_up()
    second = await refreshed(auth, first.refresh_token)
    await refreshed(auth, second.refresh_token)
    await let_pass(auth, 8)
    await refreshed(auth, first.refresh_token)
    await let_pass(auth, 8)
    assert await refused(auth, first.refresh_token) == ALREADY_USED


async def test_an_old_token_after_the_interval_ends_the_whole_family(auth: Project) -> None:
    email = an_email()
    _, first = await auth.signed_up(email)
    _, elsewhere = await auth.signed_in(email)
    second = await refreshed(auth, first.refresh_token)
    third = await refreshed(auth, second.refresh_token)
    await let_pass(auth, 11)
    assert await refused(auth, first.refresh_token) == ALREADY_USED
    for token in (first, second, third):
        assert await refused(auth, token.refresh_token) == NOT_FOUND
        answer = await auth.call("GET", "user", token=token.access_token)
        assert (answer.status_code, answer.json()["code"]) == (403, "session_not_found")
    assert await refreshed(auth, elsewhere.refresh_token)


async def test_the_interval_is_the_configured_one(auth_dsn: Dsn, auth_home: Path) -> None:
    async with auth_project(auth_dsn, auth_home, refresh_reuse_interval=0) as auth:
        _, first = await auth.signed_up()
        second = await refreshed(auth, first.refresh_token)
        await refreshed(auth, second.refresh_token)
        assert await refused(auth, first.refresh_token) == ALREADY_USED


async def test_without_rotation_an_old_token_is_refused_and_the_session_lives(
    auth_dsn: Dsn, auth_home: Path
) -> None:
    lenient = replace(QUICK, refresh_rotation=False, refresh_reuse_interval=0)
    async with auth_project(auth_dsn, auth_home, lenient) as auth:
        _, first = await auth.signed_up()
        second = await refreshed(auth, first.refresh_token)
        third = await refreshed(auth, second.refresh_token)
        assert await refused(auth, first.refresh_token) == ALREADY_USED
        assert await refreshed(auth, third.refresh_token)


async def test_twenty_refreshes_of_one_token_at_once_agree(auth: Project) -> None:
    _, first = await auth.signed_up()
    sessions = await asyncio.gather(*(refreshed(auth, first.refresh_token) for _ in range(20)))
    assert len({session.refresh_token for session in sessions}) == 1
    newest = await refreshed(auth, sessions[0].refresh_token)
    assert newest.refresh_token not in {first.refresh_token, sessions[0].refresh_token}
    turns = await auth.sql(
        "select refresh_token_counter from auth.sessions where user_id = %s", [first.user.id]
    )
    assert turns == [(2,)]


async def test_a_refresh_that_has_to_wait_goes_by_what_the_other_one_left(auth: Project) -> None:
    _, session = await auth.signed_up()
    row = "where user_id = %s", [session.user.id]
    service = auth.ctx.database.admin("supabase_auth_admin")
    async with service as connection, connection.transaction():
        await connection.execute(f"select from auth.sessions {row[0]} for update", row[1])
        waiting = asyncio.create_task(refreshed(auth, session.refresh_token))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await connection.execute(
            "update auth.sessions set refresh_token_counter = 5, "
            f"refreshed_at = clock_timestamp() at time zone 'utc' {row[0]}",
            row[1],
        )
    token = RefreshTokens(auth.ctx.keys.storage_secret).read((await waiting).refresh_token)
    assert token
    assert token.turn == 5
    left = await auth.sql(f"select refresh_token_counter from auth.sessions {row[0]}", row[1])
    assert left == [(5,)]


async def test_two_tabs_that_refresh_at_random_never_lose_the_session(auth: Project) -> None:
    _, first = await auth.signed_up()
    chance = random.Random(20261122)

    async def tab() -> str:
        token = first.refresh_token
        for _ in range(10):
            await asyncio.sleep(chance.random() / 200)
            token = (await refreshed(auth, token)).refresh_token
        return token

    tokens = await asyncio.gather(tab(), tab())
    for token in tokens:
        assert await refreshed(auth, token)


async def test_a_refresh_and_a_sign_out_at_once_leave_nobody_signed_in(auth: Project) -> None:
    for _ in range(10):
        client, session = await auth.signed_up()
        after, _ = await asyncio.gather(auth.refresh(session.refresh_token), client.auth.sign_out())
        if after.status_code == 200:
            token = after.json()["access_token"]
            assert (await auth.call("GET", "user", token=token)).status_code == 403
        assert await refused(auth, session.refresh_token) == NOT_FOUND


async def test_a_banned_person_cannot_refresh_until_the_ban_ends(auth: Project) -> None:
    _, session = await auth.signed_up()
    admin = await auth.admin()
    await admin.auth.admin.update_user_by_id(session.user.id, {"ban_duration": "24h"})
    expected = (400, "user_banned", "Invalid Refresh Token: User Banned")
    assert await refused(auth, session.refresh_token) == expected
    answer = await auth.call("GET", "user", token=session.access_token)
    assert (answer.status_code, answer.json()["code"]) == (403, "user_banned")
    await admin.auth.admin.update_user_by_id(session.user.id, {"ban_duration": "none"})
    assert await refreshed(auth, session.refresh_token)


async def test_a_token_from_the_future_of_the_database_is_refused(auth: Project) -> None:
    """As after a database was restored from a backup."""
    _, session = await auth.signed_up()
    await auth.sql(
        "update auth.sessions set refresh_token_counter = 5 where user_id = %s",
        [session.user.id],
    )
    own = RefreshTokens(auth.ctx.keys.storage_secret)
    token = own.read(session.refresh_token)
    assert token
    ahead = own.write(RefreshToken(token.session_id, 6))
    expected = (400, "validation_failed", "Invalid Refresh Token: Not Issued By This Server")
    assert await refused(auth, ahead) == expected


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (None, "validation_failed"),
        ("", "validation_failed"),
        ("short", "validation_failed"),
        ("0123456789ab", "refresh_token_not_found"),
        ("x" * 60, "validation_failed"),
        ("'; delete from auth.sessions; --", "validation_failed"),
        (RefreshTokens(b"foreign").write(RefreshToken(UUID(int=7), 0)), "refresh_token_not_found"),
        (12, "bad_json"),
        (["a"], "bad_json"),
    ],
)
async def test_what_is_no_token_of_ours_is_refused(auth: Project, given: object, code: str) -> None:
    _, session = await auth.signed_up()
    answer = await auth.refresh(given)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert await refreshed(auth, session.refresh_token)


async def test_no_refresh_token_can_be_found_in_the_database(auth: Project) -> None:
    _, session = await auth.signed_up()
    second = await refreshed(auth, session.refresh_token)
    rows = await auth.sql("select to_jsonb(s)::text from auth.sessions s")
    tokens = await auth.sql("select to_jsonb(t)::text from auth.refresh_tokens t")
    everything = " ".join(str(row) for row in [*rows, *tokens])
    for token in (session.refresh_token, second.refresh_token):
        assert token not in everything
        # The signature is the part that cannot be computed from the row.
        assert token[-26:-8] not in everything
