"""What else may arrive at the join page: strange names, forged forms, very many wrong codes."""

import httpx
import pytest

from app.config import Settings
from app.core.errors import Invalid
from app.core.http import Backend
from app.core.seal import Seal
from app.people.names import name_problem, tidy_name
from tests.door.conftest import Doorstep, in_front_of
from tests.door.test_join import WORN_OUT, home_of
from tests.fixtures.people import MakeInviter
from tests.fixtures.supabase import Supabase

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
GOOD = ["Selam", "Zoë", "ሰላም", "محمد", "می\u200cخواهم", "O'Neill", FAMILY, "<b>Ada</b>", "x" * 80]
HIDDEN = ["A\u202eB", "A\u0007B", "A\u200bB", "\U000e0041b", "A\u2066"]
BAD = ["", "   ", "\u3164", "\u200d", "x" * 81, *HIDDEN]


def asked_again(page: httpx.Response, words: str) -> None:
    """The form is back, says why, and nobody was let in."""
    assert page.status_code == 422
    assert words in page.text
    assert "set-cookie" not in page.headers or "handrail-8550" not in page.headers["set-cookie"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x" * 5000, "This name is too long for us."),
        (" \u3164 ", "Please tell us a name for you."),
        ("Sel\u202eam", "Please write the name in another way."),
        ("Sel\u0000am", "Please write the name in another way."),
    ],
)
async def test_a_name_that_cannot_be_taken_is_asked_for_again_and_the_code_still_works(
    doorstep: Doorstep, inviter: MakeInviter, name: str, words: str
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.join(code, name=name)

    asked_again(page, words)
    assert (await doorstep.send(page, code)).status_code == 200


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ 7 * 7 }}", FAMILY, "سلام"])
async def test_a_strange_name_is_only_text(
    doorstep: Doorstep, inviter: MakeInviter, name: str
) -> None:
    page = await doorstep.join(await (await inviter("Amina")).code(), name=name)

    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert (await home_of(doorstep)).person.name == tidy_name(name)


@pytest.mark.parametrize("name", [*GOOD, *BAD])
async def test_the_page_and_the_database_agree_on_names(
    doorstep: Doorstep, inviter: MakeInviter, name: str
) -> None:
    place = await inviter("Amina")
    problem = name_problem(tidy_name(name))
    if problem is None:
        await place.code(name)
    else:
        with pytest.raises(Invalid) as refused:
            await place.code(name)
        assert refused.value.fields["problem"] == problem


@pytest.mark.parametrize(
    ("passphrase", "words"),
    [
        ("", "Please use at least"),
        ("short one", "Please use at least"),
        ("ا" * 37, "This passphrase is too long."),
        ("x" * 5000, "This passphrase is too long."),
        ("blue\u0007blue\u0007blue", "Please choose another passphrase."),
    ],
)
async def test_a_passphrase_that_cannot_be_taken_is_asked_for_again_and_never_shown(
    doorstep: Doorstep, inviter: MakeInviter, passphrase: str, words: str
) -> None:
    page = await doorstep.join(await (await inviter("Amina")).code(), passphrase=passphrase)

    asked_again(page, words)
    assert 'value="Selam"' in page.text
    assert not passphrase or passphrase not in page.text


async def test_a_form_that_was_not_made_for_this_browser_is_not_taken(
    doorstep: Doorstep, inviter: MakeInviter, settings: Settings, backend: Backend, seal: Seal
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.browser.get(f"/join/{code}")
    async with in_front_of(settings, backend, seal) as other:
        await other.browser.get(f"/join/{code}")
        asked_again(await other.send(page, code), "Please send it once more.")
    asked_again(await doorstep.send(page, code, token="forged"), "Please send it once more.")
    doorstep.browser.cookies.clear()
    asked_again(await doorstep.send(page, code), "Please send it once more.")


async def test_a_form_from_another_site_is_refused(
    doorstep: Doorstep, inviter: MakeInviter
) -> None:
    code = await (await inviter("Amina")).code()
    page = await doorstep.browser.get(f"/join/{code}")
    doorstep.browser.headers["origin"] = "https://elsewhere.example"

    assert (await doorstep.send(page, code)).status_code == 403


@pytest.mark.parametrize("code", ["%00", "..%2f..%2fetc", "%F0%9F%99%82", "x" * 3000, "' or 1=1"])
async def test_a_strange_code_is_only_a_wrong_one(doorstep: Doorstep, code: str) -> None:
    page = await doorstep.browser.get(f"/join/{code}")

    assert page.status_code == 404


async def test_a_wrong_code_leaves_no_sign_in_behind(
    doorstep: Doorstep, inviter: MakeInviter, supabase: Supabase
) -> None:
    page = await doorstep.browser.get(f"/join/{await (await inviter('Amina')).code()}")
    before = supabase.execute("select count(*) from auth.users", user="supabase_admin")
    await doorstep.send(page, "ABCD-EFGH-JKMN")

    assert supabase.execute("select count(*) from auth.users", user="supabase_admin") == before


async def test_the_code_of_somebody_who_was_removed_opens_nothing(
    doorstep: Doorstep, inviter: MakeInviter, supabase: Supabase
) -> None:
    place = await inviter("Amina")
    added = await place.add("Amber")
    await place.device.db.rpc(
        "end_membership", membership=added["membership_id"], reason="finished"
    )

    assert WORN_OUT in (await doorstep.browser.get(f"/join/{added['code']}")).text
