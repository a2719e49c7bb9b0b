"""The door: who comes in, who does not, what stays on the device. On the real stack."""

from collections.abc import Awaitable
from urllib.parse import quote

import httpx
import pytest

from app.config import Settings
from app.core.errors import Unreachable
from app.core.http import Backend
from app.core.ids import hash_cookie
from app.core.seal import Seal
from app.door.entering import address_of
from app.door.web import device_label, forward_addresses
from tests.door.conftest import TOKEN, Doorstep, in_front_of
from tests.fixtures.people import PASSWORD, Coordinator
from tests.fixtures.supabase import Supabase

WRONG = "This name and secret do not fit together."


def _cookie(doorstep: Doorstep) -> str | None:
    return doorstep.browser.cookies.get("handrail-8550")


def _without_login(response: httpx.Response, login: str) -> str:
    return TOKEN.sub("", response.text.replace(login, ""))


async def test_the_right_secret_opens_and_sets_one_closed_cookie(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    who = await amina
    response = await doorstep.sign_in(who.email, PASSWORD)

    assert (response.status_code, response.headers["location"]) == (303, "/")
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert (await doorstep.browser.get("/signin")).headers["location"] == "/"


async def test_a_browser_that_nobody_knows_may_sign_in(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    doorstep.browser.headers["user-agent"] = "a browser of tomorrow"
    response = await doorstep.sign_in((await amina).email, PASSWORD)

    assert response.status_code == 303
    assert _cookie(doorstep) is not None


async def test_a_wrong_secret_and_an_unknown_name_get_the_same_answer(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    who = await amina
    wrong = await doorstep.sign_in(who.email, "another secret")
    unknown = await doorstep.sign_in("nobody@example.org", "another secret")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert WRONG in wrong.text
    assert _without_login(wrong, who.email) == _without_login(unknown, "nobody@example.org")
    assert _cookie(doorstep) is None


async def test_after_a_wrong_try_the_name_is_still_there_and_the_secret_is_not(
    doorstep: Doorstep,
) -> None:
    response = await doorstep.sign_in("blue-heron-42", "my secret words", next="/me")

    assert 'value="blue-heron-42"' in response.text
    assert 'value="/me"' in response.text
    assert "my secret words" not in response.text


async def test_what_somebody_typed_comes_back_as_text_and_never_as_html(
    doorstep: Doorstep,
) -> None:
    response = await doorstep.sign_in('"><script>alert(1)</script>', "x")

    assert "<script>alert" not in response.text
    assert "&lt;script&gt;" in response.text


@pytest.mark.parametrize(("login", "secret"), [("", "x"), ("   ", "x"), ("amina", "")])
async def test_an_empty_field_is_asked_for_again(
    doorstep: Doorstep, login: str, secret: str
) -> None:
    response = await doorstep.sign_in(login, secret)

    assert response.status_code == 422
    assert "Please fill in both fields." in response.text


@pytest.mark.parametrize("login", ["a" * 5000, "a\x00b", "\ud83d", "a@b@c", "' or 1=1 --", "🙂"])
async def test_a_strange_name_is_only_a_wrong_one(doorstep: Doorstep, login: str) -> None:
    token = await doorstep.token("/signin")
    typed = quote(login.encode("utf-8", "surrogatepass"))
    body = f"token={quote(token)}&login={typed}&secret=x"
    response = await doorstep.browser.post(
        "/signin", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )

    assert response.status_code == 422
    assert WRONG in response.text


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/me", "/me"),
        ("/me?tab=1", "/me?tab=1"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/signin?next=/signin", "/"),
        ("/signout", "/"),
        ("", "/"),
    ],
)
async def test_after_signing_in_one_lands_on_own_pages_only(
    doorstep: Doorstep, amina: Awaitable[Coordinator], wanted: str, reached: str
) -> None:
    response = await doorstep.sign_in((await amina).email, PASSWORD, next=wanted)

    assert response.headers["location"] == reached


async def test_a_form_from_another_site_is_refused(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    doorstep.browser.headers["origin"] = "https://elsewhere.example"
    response = await doorstep.sign_in((await amina).email, PASSWORD)

    assert response.status_code == 403
    assert _cookie(doorstep) is None


async def test_a_form_that_was_not_made_for_this_browser_is_not_taken(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    email = (await amina).email
    token = await doorstep.token("/signin")
    forged = await doorstep.sign_in(email, PASSWORD, token="forged")
    doorstep.browser.cookies.clear()
    foreign = await doorstep.sign_in(email, PASSWORD, token=token)

    for answer in (forged, foreign):
        assert answer.status_code == 422
        assert "Please send it once more." in answer.text
        assert f'value="{email}"' in answer.text
        assert "handrail-8550" not in doorstep.browser.cookies
    assert (await doorstep.sign_in(email, PASSWORD)).status_code == 303


async def test_nobody_is_signed_out_by_a_form_they_did_not_open(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    await doorstep.sign_in((await amina).email, PASSWORD)
    answer = await doorstep.sign_out(token="forged")

    assert "Sign out on this device?" in answer.text
    assert not doorstep.ended
    assert (await doorstep.browser.get("/signin")).status_code == 303


async def test_a_second_person_in_the_same_browser_ends_the_first_ones_device(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    email = (await amina).email
    await doorstep.sign_in(email, PASSWORD)
    first = _cookie(doorstep)
    assert first
    await doorstep.sign_in(email, PASSWORD)
    second = _cookie(doorstep)

    assert second not in (None, first)
    assert doorstep.ended == [hash_cookie(first)]
    assert await doorstep.devices.state(hash_cookie(first)) == "gone"


async def test_signing_out_ends_the_device_and_cleans_the_browser(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    await doorstep.sign_in((await amina).email, PASSWORD)
    cookie = _cookie(doorstep)
    assert cookie
    assert 'action="/signout"' in (await doorstep.browser.get("/signout")).text

    response = await doorstep.sign_out()

    assert (response.status_code, response.headers["location"]) == (303, "/signed-out")
    assert response.headers["clear-site-data"] == '"cookies", "storage"'
    assert _cookie(doorstep) is None
    assert doorstep.ended == [hash_cookie(cookie)]
    assert await doorstep.devices.state(hash_cookie(cookie)) == "gone"


async def test_signing_out_without_a_backend_still_cleans_the_browser(
    doorstep: Doorstep, amina: Awaitable[Coordinator], monkeypatch: pytest.MonkeyPatch
) -> None:
    await doorstep.sign_in((await amina).email, PASSWORD)

    async def away(*args: object, **values: object) -> None:
        raise Unreachable("backend_unreachable")

    monkeypatch.setattr(doorstep.devices, "sign_out", away)
    response = await doorstep.sign_out()

    assert response.status_code == 303
    assert _cookie(doorstep) is None
    assert len(doorstep.ended) == 1


async def test_a_link_to_the_signed_out_page_signs_nobody_out(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    await doorstep.sign_in((await amina).email, PASSWORD)
    response = await doorstep.browser.get("/signed-out")

    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert "clear-site-data" not in response.headers


async def test_the_signed_out_page_cleans_a_browser_that_was_signed_out_elsewhere(
    doorstep: Doorstep,
) -> None:
    response = await doorstep.browser.get("/signed-out")

    assert response.status_code == 200
    assert response.headers["clear-site-data"] == '"cookies", "storage"'
    assert "You are signed out" in response.text


async def test_a_backend_that_is_away_keeps_what_was_typed(
    doorstep: Doorstep, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*args: object, **values: object) -> None:
        raise Unreachable("backend_unreachable")

    monkeypatch.setattr(doorstep.devices, "sign_in", away)
    response = await doorstep.sign_in("blue-heron-42", "x")

    assert response.status_code == 503
    assert 'value="blue-heron-42"' in response.text
    assert "No answer right now." in response.text


@pytest.mark.parametrize(
    ("query", "accepts", "language", "direction"),
    [
        ("", "ar,en;q=0.5", "ar", "rtl"),
        ("", "xx", "en", "ltr"),
        ("?lang=de", "ar", "de", "ltr"),
        ("?lang=../../etc", "de", "de", "ltr"),
    ],
)
async def test_the_page_speaks_the_chosen_language_or_the_browsers(
    doorstep: Doorstep, query: str, accepts: str, language: str, direction: str
) -> None:
    page = await doorstep.browser.get(f"/signin{query}", headers={"accept-language": accepts})

    assert f'<html lang="{language}" dir="{direction}">' in page.text


async def test_choosing_a_language_keeps_where_one_was_going(doorstep: Doorstep) -> None:
    page = await doorstep.browser.get("/signin?next=/me")

    assert "/signin?lang=de&amp;next=%2Fme" in page.text


async def test_a_password_manager_finds_its_fields(doorstep: Doorstep) -> None:
    page = (await doorstep.browser.get("/signin")).text

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert '<form method="post" action="/signin">' in page


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("blue-heron-42", "blue-heron-42@people.invalid"),
        (" Blue  Heron 42 ", "blue-heron-42@people.invalid"),
        ("Amina@Example.org", "amina@example.org"),
    ],
)
def test_a_login_name_becomes_an_address(typed: str, address: str) -> None:
    assert address_of(typed, "people.invalid") == address


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        ("Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130 Firefox/130", "Firefox · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64) … Chrome/130 Safari/537.36", "Chrome · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) … Chrome/130 Safari/537.36 Edg/130", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; …) CriOS/130 Mobile Safari/604", "Chrome · iPhone"),
        ("Mozilla/5.0 (Macintosh; …) Version/18 Safari/605", "Safari · Mac"),
        ("curl/8.0", "Web"),
        ("", "Web"),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(user_agent: str, label: str) -> None:
    assert device_label(user_agent) == label


async def test_auth_counts_by_the_visitors_address_and_not_by_ours(
    amina: Awaitable[Coordinator],
    settings: Settings,
    backend: Backend,
    seal: Seal,
    supabase: Supabase,
) -> None:
    who = await amina
    newest = (
        "select host(s.ip) from auth.sessions s where s.user_id = %s"
        " order by s.created_at desc limit 1"
    )
    async with in_front_of(settings, backend, seal, address="192.0.2.7") as doorstep:
        await doorstep.sign_in(who.email, who.password)
        assert supabase.execute(newest, who.user_id) == [("127.0.0.1",)]
        forward_addresses(settings, backend)
        assert (await doorstep.sign_in(who.email, who.password)).status_code == 303
        assert supabase.execute(newest, who.user_id) == [("192.0.2.7",)]
        assert (await doorstep.sign_in(who.email, "something else")).status_code == 422


async def test_signing_out_leaves_the_name_that_was_chosen_for_the_home_screen(
    doorstep: Doorstep, amina: Awaitable[Coordinator]
) -> None:
    await doorstep.sign_in((await amina).email, PASSWORD)
    doorstep.browser.cookies.set("handrail-guise-8550", "notes", domain="127.0.0.1")

    response = await doorstep.sign_out()
    page = await doorstep.browser.get("/signed-out")

    for answer in (response, page):
        assert answer.headers["clear-site-data"] == '"storage"'
        names = {each.partition("=")[0] for each in answer.headers.get_list("set-cookie")}
        assert names == {"handrail-8550", "handrail-form-8550", "handrail-known-8550"}
    assert _cookie(doorstep) is None
