"""Plain HTML pages and the tokens of their forms."""

import re
from typing import Any

import pytest
from jinja2 import UndefinedError

from app.core.i18n import Translator
from app.shell.cookies import device_cookie, form_cookie
from app.shell.forms import FormTokens
from app.shell.headers import CLEAR_SITE_DATA, SECURITY
from app.shell.pages import NEUTRAL_SITE, render
from app.shell.problems import Problem, problem_page

VALUES: dict[str, Any] = {"title": "Hello", "text": "You", "request_id": "0" * 16}


def page(**changed: str) -> str:
    return bytes(render("problem.html", Translator("en"), **{**VALUES, **changed}).body).decode()


def test_page_is_never_kept_and_says_its_language() -> None:
    answer = render("problem.html", Translator("en"), 404, **VALUES)
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-language"] == "en"


def test_page_stays_small_and_names_no_foreign_address() -> None:
    html = page()
    assert len(html.encode()) <= 15_000
    # The way out is the one foreign address, and nothing is loaded from it.
    assert re.findall(r"(\w+)=\"(http[^\"]*)", html) == [("href", NEUTRAL_SITE)]
    assert len(re.findall(r"https?://", html)) == 1


def test_what_somebody_wrote_is_text_and_never_markup() -> None:
    html = page(title="<script>alert(1)</script>", text='"><img src=x onerror=alert(1)>')
    assert html.count("<script") == page().count("<script") == 1
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_policy_allows_our_stylesheet_and_exit_and_nothing_inline_besides() -> None:
    answer = render("problem.html", Translator("en"), **VALUES)
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert re.search(r"style-src 'self' 'sha256-[^']+'", policy)
    assert re.search(r"script-src 'self' 'sha256-[^']+';", policy)
    smuggled = render("problem.html", Translator("en"), **{**VALUES, "text": "<style>x</style>"})
    assert smuggled.headers["content-security-policy"] == policy


def test_missing_value_is_an_error_and_never_a_blank() -> None:
    with pytest.raises(UndefinedError):
        render("problem.html", Translator("en"), title="Hello")


def test_stylesheet_has_every_token_filled_in() -> None:
    html = page()
    assert "$(" not in html
    assert "--primary: #0F6B66;" in html
    assert "--primary: #5CC9C0;" in html


@pytest.mark.parametrize("status", [400, 403, 404, 408, 413, 429, 500, 503])
def test_problem_tells_what_happened_in_words(status: int) -> None:
    scope = {"type": "http", "headers": [(b"accept", b"text/html")], "path": "/"}
    answer = problem_page(Problem(status, "code"), scope, "0" * 16)
    assert answer.status_code == status
    assert b"<h1>" in answer.body


def test_signed_out_problem_leads_to_the_sign_in_page() -> None:
    scope = {"type": "http", "headers": [], "path": "/plan", "query_string": b""}
    answer = problem_page(Problem(403, "signed_out"), scope, "0" * 16)
    assert answer.headers["location"] == "/signin?next=%2Fplan"


def test_form_token_holds_for_its_browser_and_form_only() -> None:
    tokens = FormTokens(b"k" * 32)
    token = tokens.issue("cookie-a", "signin")
    assert tokens.holds(token, "cookie-a", "signin")
    assert tokens.holds(token, "cookie-a", "signin")
    assert not tokens.holds(token, "cookie-b", "signin")
    assert not tokens.holds(token, "cookie-a", "signout")
    assert not FormTokens(b"l" * 32).holds(token, "cookie-a", "signin")


def test_form_token_does_not_mix_up_purpose_and_browser() -> None:
    tokens = FormTokens(b"k" * 32)
    assert not tokens.holds(tokens.issue("bc", "a"), "c", "ab")


@pytest.mark.parametrize("token", ["", "x", "=" * 64, "ä" * 64, "\ud800", "A" * 64, "A" * 10_000])
def test_forged_form_token_is_refused(token: str) -> None:
    assert not FormTokens(b"k" * 32).holds(token, "cookie-a", "signin")


def test_form_token_ends_after_twelve_hours() -> None:
    now = [1_000_000.0]
    tokens = FormTokens(b"k" * 32, clock=lambda: now[0])
    token = tokens.issue("cookie", "signin")
    now[0] += 12 * 3600
    assert tokens.holds(token, "cookie", "signin")
    now[0] += 1
    assert not tokens.holds(token, "cookie", "signin")


def test_form_key_must_be_long() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        FormTokens(b"short")


def test_device_cookie_is_closed_to_scripts_and_other_hosts() -> None:
    cookie = device_cookie("https://handrail.example")
    answer = render("problem.html", Translator("en"), **VALUES)
    cookie.set(answer, "secret")
    sent = answer.headers["set-cookie"]
    assert sent.startswith("__Host-handrail=secret;")
    for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=2592000"):
        assert part in sent
    assert "Domain" not in sent


def test_two_copies_on_one_machine_do_not_share_their_cookies() -> None:
    one, two = device_cookie("http://localhost:8550"), device_cookie("http://localhost:8551")
    assert one.name != two.name
    assert one.read(f"a=b; {two.name}=x") is None
    assert one.read(f"{two.name}=x; {one.name}=y") == "y"
    assert form_cookie("http://localhost:8550").name != one.name


def test_signing_out_clears_what_is_personal_and_keeps_the_engine() -> None:
    assert CLEAR_SITE_DATA == '"cookies", "storage"'


def test_a_plain_page_can_be_given_no_other_base_and_asks_the_browser_for_nothing() -> None:
    policy = render("problem.html", Translator("en"), **VALUES).headers["content-security-policy"]
    assert "base-uri 'none'" in policy
    asked = SECURITY["permissions-policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()", "usb=()"} <= set(asked)
    assert all(each.endswith("=()") for each in asked)
