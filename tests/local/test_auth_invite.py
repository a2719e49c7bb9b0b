"""Coming in by mail (supabase/auth, internal/api/invite.go, verify.go, mail.go)."""

import asyncio
import email
import email.policy
import hashlib
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from supabase_auth.errors import AuthApiError
from supabase_auth.types import VerifyTokenHashParams

from app.local.auth.mails import MOST_KEPT, Mails
from app.local.config import INVITE_CONTENT, Config, load_config
from app.local.errors import LocalError
from tests.fixtures.auth import PASSWORD, Project, an_email, auth_project, refusal
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.postgres import Dsn
from tests.fixtures.prepared import SUPABASE
from tests.fixtures.supabase import Supabase

EXPIRED = (403, "otp_expired", "Email link is invalid or has expired")


def mails_to(auth: Project, address: str) -> list[email.message.EmailMessage]:
    """The mails to this address, the oldest first."""
    files = sorted(auth.ctx.mail.glob("*.eml"))
    read = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files
    ]
    return [mail for mail in read if mail["To"] == address]


def link_in(mail: email.message.EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    found = re.search(r'href="([^"]*)"', body.get_content())
    assert found
    return unescape(found[1])


def token_in(mail: email.message.EmailMessage) -> VerifyTokenHashParams:
    asked = parse_qs(urlsplit(link_in(mail)).query)
    assert asked["type"] == ["invite"]
    return {"type": "invite", "token_hash": asked["token_hash"][0]}


async def invited(auth: Project, address: str) -> VerifyTokenHashParams:
    """What the link of a new invitation holds."""
    await (await auth.admin()).auth.admin.invite_user_by_email(address)
    return token_in(mails_to(auth, address)[-1])


async def test_who_is_invited_comes_in_by_the_link_and_chooses_a_password(auth: Project) -> None:
    address = an_email()
    admin = (await auth.admin()).auth.admin
    made = await admin.invite_user_by_email(address.upper(), {"data": {"language": "de"}})
    user = made.user
    assert (user.email, user.email_confirmed_at, user.last_sign_in_at) == (address, None, None)
    assert user.invited_at
    assert user.confirmation_sent_at
    assert user.user_metadata == {"language": "de"}

    (mail,) = mails_to(auth, address)
    client = await auth.client()
    back = await client.auth.verify_otp(token_in(mail))
    assert back.session
    claims = auth.ctx.keys.verify(back.session.access_token)
    assert (claims["sub"], claims["aal"]) == (user.id, "aal1")
    assert [each["method"] for each in claims["amr"]] == ["otp"]
    assert back.user
    assert back.user.email_confirmed_at
    assert back.user.user_metadata == {"language": "de", "email_verified": True}
    assert back.user.identities
    assert back.user.identities[0].identity_data["email_verified"] is True
    await client.auth.update_user({"password": PASSWORD})
    await auth.signed_in(address)


async def test_nobody_comes_in_before_the_link_was_used(auth: Project) -> None:
    address = an_email()
    await invited(auth, address)
    for password in ("", PASSWORD):
        body = {"email": address, "password": password}
        answer = await auth.call("POST", "token?grant_type=password", body)
        assert answer.json()["code"] == "invalid_credentials"


async def test_a_link_works_once_and_a_wrong_one_says_the_same(auth: Project) -> None:
    token = await invited(auth, an_email())
    await (await auth.client()).auth.verify_otp(token)
    wrong = hashlib.sha224(b"somebody else").hexdigest()
    for used in (token["token_hash"], wrong, "x", "é" * 40):
        with pytest.raises(AuthApiError) as refused:
            await (await auth.client()).auth.verify_otp({"type": "invite", "token_hash": used})
        assert refusal(refused.value) == EXPIRED


async def test_a_link_works_once_also_for_two_at_the_same_time(auth: Project) -> None:
    token = await invited(auth, an_email())
    clients = [await auth.client() for _ in range(4)]
    came = await asyncio.gather(
        *(client.auth.verify_otp(token) for client in clients), return_exceptions=True
    )
    assert sorted(isinstance(each, AuthApiError) for each in came) == [False, True, True, True]


async def test_a_link_has_its_time(auth_dsn: Dsn, auth_home: Path) -> None:
    async with auth_project(auth_dsn, auth_home, otp_expiry=60) as auth:
        address = an_email()
        token = await invited(auth, address)
        await auth.sql(
            "update auth.users set confirmation_sent_at = now() - interval '61 s' where email = %s",
            [address],
        )
        with pytest.raises(AuthApiError) as refused:
            await (await auth.client()).auth.verify_otp(token)
        assert refusal(refused.value) == EXPIRED


async def test_a_new_invitation_replaces_the_one_before(auth: Project) -> None:
    address = an_email()
    first = await invited(auth, address)
    second = await invited(auth, address)
    assert len(await auth.sql("select 1 from auth.users where email = %s", [address])) == 1
    with pytest.raises(AuthApiError) as refused:
        await (await auth.client()).auth.verify_otp(first)
    assert refusal(refused.value) == EXPIRED
    assert (await (await auth.client()).auth.verify_otp(second)).session


async def test_who_is_in_already_is_not_invited(auth: Project) -> None:
    address = an_email()
    await auth.signed_up(address)
    with pytest.raises(AuthApiError) as refused:
        await (await auth.admin()).auth.admin.invite_user_by_email(address)
    message = "A user with this email address has already been registered"
    assert refusal(refused.value) == (422, "email_exists", message)
    assert mails_to(auth, address) == []


async def test_two_invitations_at_once_make_one_account(auth: Project) -> None:
    address, admin = an_email(), (await auth.admin()).auth.admin
    await asyncio.gather(
        *(admin.invite_user_by_email(address) for _ in range(3)), return_exceptions=True
    )
    assert len(await auth.sql("select 1 from auth.users where email = %s", [address])) == 1
    assert (await (await auth.client()).auth.verify_otp(await invited(auth, address))).session


async def test_who_was_banned_meanwhile_stays_out(auth: Project) -> None:
    address = an_email()
    token = await invited(auth, address)
    [(user,)] = await auth.sql("select id::text from auth.users where email = %s", [address])
    await (await auth.admin()).auth.admin.update_user_by_id(user, {"ban_duration": "1h"})
    with pytest.raises(AuthApiError) as refused:
        await (await auth.client()).auth.verify_otp(token)
    assert refusal(refused.value) == (403, "user_banned", "User is banned")


async def test_only_the_secret_key_invites(auth: Project) -> None:
    _, session = await auth.signed_up()
    for token in (session.access_token, auth.ctx.keys.publishable):
        answer = await auth.call("POST", "invite", {"email": an_email()}, token=token)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_admin")


@pytest.mark.parametrize("body", [{}, {"email": ""}, {"email": "nobody"}, {"email": "a@b c"}])
async def test_an_address_that_is_none_is_refused(auth: Project, body: object) -> None:
    answer = await auth.call("POST", "invite", body, token=auth.ctx.keys.secret)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "invite"},
        {"token_hash": "x"},
        {"type": "invite", "token": "1", "token_hash": "x"},
        {"type": "else", "token_hash": "x"},
        {"type": "invite", "token_hash": "x", "email": "a@b.example"},
        {"type": "invite", "token_hash": "x", "redirect_to": "/"},
    ],
)
async def test_a_verification_that_makes_no_sense_is_refused(auth: Project, body: object) -> None:
    answer = await auth.call("POST", "verify", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")


@pytest.mark.parametrize("kind", ["recovery", "magiclink", "email", "email_change", "signup"])
async def test_other_ways_by_mail_are_not_offered(auth: Project, kind: str) -> None:
    answer = await auth.call("POST", "verify", {"type": kind, "token_hash": "x"})
    assert answer.status_code == 501
    typed = {"type": "invite", "token": "123456", "email": an_email()}
    assert (await auth.call("POST", "verify", typed)).status_code == 501


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ("https://handrail.example/invited?code=AB", True),
        ("https://listed.example/in", True),
        ("https://listed.example/elsewhere", False),
        ("http://handrail.example/invited", False),
        ("https://evil.example/invited", False),
        ("https://handrail.example.evil.example/", False),
        ("https://[", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
async def test_a_link_leads_to_the_site_or_where_the_list_allows(
    auth_dsn: Dsn, auth_home: Path, wanted: str, kept: bool
) -> None:
    options: dict[str, Any] = {
        "site_url": "https://handrail.example",
        "redirect_urls": ("https://listed.example/in",),
        "invite_content": '<a href="{{ .RedirectTo }}#{{.TokenHash}}">in</a>',
    }
    async with auth_project(auth_dsn, auth_home, **options) as auth:
        address = an_email()
        admin = (await auth.admin()).auth.admin
        await admin.invite_user_by_email(address, {"redirect_to": wanted})
        led_to, _, _ = link_in(mails_to(auth, address)[-1]).partition("#")
        assert led_to == (wanted if kept else "https://handrail.example")


async def test_an_invitation_whose_mail_cannot_be_written_is_none(
    auth_dsn: Dsn, tmp_path: Path
) -> None:
    async with auth_project(auth_dsn, tmp_path) as auth:
        auth.ctx.mail.write_text("no folder")
        address = an_email()
        body = {"email": address}
        answer = await auth.call("POST", "invite", body, token=auth.ctx.keys.secret)
        assert (answer.status_code, answer.json()["code"]) == (500, "unexpected_failure")
        assert await auth.sql("select 1 from auth.users where email = %s", [address]) == []


def test_the_newest_mails_are_kept_readable_by_their_owner_only(tmp_path: Path) -> None:
    mails = Mails(tmp_path / "mail", Config())
    for number in range(MOST_KEPT + 3):
        mails.invite(f"m{number}@post.example", otp="1", token_hash="t", redirect_to="https://x")
    kept = sorted((tmp_path / "mail").iterdir())
    assert len(kept) == MOST_KEPT
    assert b"m3@post.example" in kept[0].read_bytes()
    assert {file.stat().st_mode & 0o777 for file in kept} == {0o600}


def test_a_text_that_asks_for_more_than_names_is_refused_at_the_start(tmp_path: Path) -> None:
    for text in ("{{ .ConfirmationURL }}", "{{ if .Data }}x{{ end }}", "{{ .Data.name }}"):
        with pytest.raises(LocalError, match="only"):
            Mails(tmp_path, Config(invite_content=text))


def test_names_in_a_text_are_escaped(tmp_path: Path) -> None:
    Mails(tmp_path, Config()).invite(
        "a@post.example", otp="1", token_hash="t", redirect_to='https://x/"><script>'
    )
    (file,) = tmp_path.iterdir()
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = mail.get_body(("html",))
    assert body is not None
    assert "&lt;script&gt;" in body.get_content()
    assert "<script>" not in body.get_content()


def test_the_projects_own_text_is_read_from_its_folder(tmp_path: Path) -> None:
    assert load_config(SUPABASE).invite_content != INVITE_CONTENT
    assert "token_hash={{ .TokenHash }}" in load_config(SUPABASE).invite_content
    (tmp_path / "config.toml").write_text('[auth.email.template.invite]\ncontent_path = "no.html"')
    with pytest.raises(LocalError, match="is missing"):
        load_config(tmp_path)


async def test_with_the_secret_key_a_sign_in_is_noted_with_the_address_it_speaks_for(
    auth: Project,
) -> None:
    address = an_email()
    await auth.signed_up(address)
    body, header = {"email": address, "password": PASSWORD}, {"Sb-Forwarded-For": "192.0.2.7, ::1"}
    for key in (auth.ctx.keys.publishable, auth.ctx.keys.secret):
        await auth.call(
            "POST", "token?grant_type=password", body, headers={**header, "apikey": key}
        )
    seen = await auth.sql(
        "select host(s.ip) from auth.sessions s join auth.users u on u.id = s.user_id"
        " where u.email = %s order by s.created_at offset 1",
        [address],
    )
    assert seen == [("127.0.0.1",), ("192.0.2.7",)]


async def test_the_mails_can_be_looked_at_in_a_browser(supabase_bare: Supabase) -> None:
    async with httpx.AsyncClient(verify=PLAIN, base_url=supabase_bare.url) as browser:
        assert "None yet." in (await browser.get("/mail")).text
        answer = await supabase_bare.send(
            "POST",
            "/auth/v1/invite?redirect_to=http://127.0.0.1:8550/invited?code=AB",
            supabase_bare.secret_key,
            json={"email": "ines@post.example"},
        )
        assert answer.status_code == 200
        listed = await browser.get("/mail")
        assert "ines@post.example" in listed.text
        found = re.search(r'href="(/mail/[^"]*)"', listed.text)
        assert found
        mail = await browser.get(found[1])
        assert "http://127.0.0.1:8550/invited?code=AB&amp;token_hash=" in mail.text
        assert "default-src 'none'" in mail.headers["content-security-policy"]
        for name in ("x.eml", "..%5csecret_key", "20260101T000000000000-00000000.eml"):
            assert (await browser.get(f"/mail/{name}")).status_code == 404
        foreign = await browser.get("/mail", headers={"host": "evil.example"})
        assert foreign.status_code == 400
