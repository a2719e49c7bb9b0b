"""PIN and pictures: what opens, what is counted, and what a stolen copy of the table is worth."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable

import pytest

from app.core.auth import Device, Devices
from app.core.bindings import Bindings, Bound, Cost, Kind, Opened, answer_trouble
from app.core.errors import AppError, Invalid, NotAllowed, Unreachable
from app.core.http import Backend
from app.core.ids import hash_cookie, new_cookie
from app.core.seal import Seal
from tests.fixtures.people import PASSWORD, QUICK, Coordinator
from tests.fixtures.supabase import Supabase

PIN, WRONG = "190466", "190467"
PICTURES = "boat-sun-fish-lamp"
SECRET = secrets.token_urlsafe(32)
KEYS = {"k2": secrets.token_bytes(32)}

Make = Callable[[str], Awaitable[Coordinator]]


@pytest.fixture
def devices(backend: Backend, seal: Seal) -> Devices:
    return Devices(backend, seal)


@pytest.fixture
async def device(devices: Devices, coordinator: Make) -> Device:
    amina = await coordinator("Amina")
    _, device = await devices.sign_in(amina.email, PASSWORD, label="Firefox")
    return device


@pytest.fixture
def bindings(backend: Backend) -> Bindings:
    return Bindings(backend, KEYS, QUICK)


async def bound(bindings: Bindings, device: Device, kind: Kind = "pin", answer: str = PIN) -> str:
    return await bindings.bind(device, kind, answer, email=device.email, secret=SECRET)


async def answer_of(bindings: Bindings, cookie: str, answer: str) -> str | int:
    """`right`, how many tries are left after a wrong one, or another code."""
    try:
        await bindings.open(cookie, answer)
    except NotAllowed as error:
        return error.fields.get("tries_left", error.code)
    return "right"


@pytest.mark.parametrize(("kind", "answer"), [("pin", PIN), ("pictures", PICTURES)])
@pytest.mark.parametrize("secret", [SECRET, None], ids=["with secret", "without"])
async def test_the_right_answer_opens_what_was_sealed(
    bindings: Bindings, device: Device, kind: Kind, answer: str, secret: str | None
) -> None:
    cookie = await bindings.bind(device, kind, answer, email=device.email, secret=secret)

    assert await bindings.look(cookie) == Bound(kind, 5)
    assert await bindings.open(cookie, answer) == Opened(device.email, secret)


async def test_who_says_nothing_about_the_cost_pays_sixteen_megabytes_a_try(
    backend: Backend, device: Device
) -> None:
    cookie = await bound(Bindings(backend, KEYS), device)

    assert await answer_of(Bindings(backend, KEYS, QUICK), cookie, PIN) == 4
    usual = Bindings(backend, KEYS, Cost(n=2**14, r=8, p=1))
    assert await answer_of(usual, cookie, PIN) == "right"


@pytest.mark.parametrize("typed", ["190 466", " 190466 ", "١٩٠٤٦٦", "۱۹۰۴۶۶"])
async def test_a_pin_may_be_typed_in_any_digits(
    bindings: Bindings, device: Device, typed: str
) -> None:
    assert await answer_of(bindings, await bound(bindings, device), typed) == "right"


async def test_pictures_count_in_their_order(bindings: Bindings, device: Device) -> None:
    cookie = await bound(bindings, device, "pictures", PICTURES)

    assert await answer_of(bindings, cookie, "sun-boat-fish-lamp") == 4
    assert await answer_of(bindings, cookie, PICTURES) == "right"


async def test_five_wrong_answers_unbind_and_then_the_right_one_opens_nothing(
    bindings: Bindings, device: Device, supabase: Supabase
) -> None:
    cookie = await bound(bindings, device)

    answers = [await answer_of(bindings, cookie, WRONG) for _ in range(5)]

    assert answers == [4, 3, 2, 1, 0]
    assert await bindings.look(cookie) is None
    assert await answer_of(bindings, cookie, PIN) == "unbound"
    assert _rows(supabase, cookie) == []


async def test_wrong_answers_at_the_same_moment_count_one_by_one(
    backend: Backend, bindings: Bindings, device: Device, supabase: Supabase
) -> None:
    cookie = await bound(bindings, device)
    processes = [Bindings(backend, KEYS, QUICK) for _ in range(4)]

    answers = await asyncio.gather(
        *(answer_of(processes[n % 4], cookie, f"{n:02}7391") for n in range(20))
    )

    assert sorted(answers, key=str) == [0, 1, 2, 3, 4, *["unbound"] * 15]
    assert await answer_of(bindings, cookie, PIN) == "unbound"
    assert _rows(supabase, cookie) == []


async def test_tries_start_anew_after_a_right_answer_and_only_then(
    bindings: Bindings, device: Device
) -> None:
    cookie = await bound(bindings, device)
    for _ in range(3):
        await answer_of(bindings, cookie, WRONG)

    await bindings.open(cookie, PIN)
    assert await bindings.look(cookie) == Bound("pin", 1)

    await bindings.opened(device, cookie)
    assert await bindings.look(cookie) == Bound("pin", 5)


async def test_somebody_else_cannot_give_tries_back(
    bindings: Bindings, devices: Devices, device: Device, coordinator: Make
) -> None:
    cookie = await bound(bindings, device)
    await answer_of(bindings, cookie, WRONG)
    ben = await coordinator("Ben")
    _, other = await devices.sign_in(ben.email, PASSWORD, label="Firefox")

    await bindings.opened(other, cookie)

    assert await bindings.look(cookie) == Bound("pin", 4)


async def test_a_copy_of_the_table_opens_nothing_without_cookie_or_key(
    backend: Backend, bindings: Bindings, device: Device, supabase: Supabase
) -> None:
    cookie = await bound(bindings, device)
    # The thief writes the stolen row under a cookie of their own, and knows even the PIN.
    own = new_cookie()
    supabase.execute(
        "update private.bindings set binding_hash = %s where binding_hash = %s",
        hash_cookie(own),
        hash_cookie(cookie),
    )
    assert await answer_of(bindings, own, PIN) == 4
    # With the browser's cookie, but their own key under the same name.
    supabase.execute(
        "update private.bindings set binding_hash = %s where binding_hash = %s",
        hash_cookie(cookie),
        hash_cookie(own),
    )
    assert (
        await answer_of(Bindings(backend, {"k2": secrets.token_bytes(32)}, QUICK), cookie, PIN) == 3
    )
    assert await answer_of(bindings, cookie, PIN) == "right"


async def test_nothing_readable_lies_in_the_table(
    bindings: Bindings, device: Device, supabase: Supabase
) -> None:
    cookie = await bound(bindings, device)
    ((row,),) = supabase.execute(
        "select to_json(b)::text from private.bindings as b where binding_hash = %s",
        hash_cookie(cookie),
    )

    for word in (cookie, PIN, SECRET, device.email):
        assert word not in row
    assert set(json.loads(row)) == {
        *("id", "user_id", "device_id", "binding_hash", "kind", "sealed", "wrong"),
        *("created_at", "last_used_at", "expires_at"),
    }


async def test_two_browsers_with_one_pin_look_different(
    bindings: Bindings, device: Device, supabase: Supabase
) -> None:
    cookies = [await bound(bindings, device) for _ in range(2)]
    sealed = {_rows(supabase, cookie)[0][0] for cookie in cookies}

    assert len(sealed) == 2


async def test_a_new_key_seals_and_the_old_one_still_opens(
    backend: Backend, bindings: Bindings, device: Device, supabase: Supabase
) -> None:
    old = await bound(bindings, device)
    rotated = Bindings(backend, {"k3": secrets.token_bytes(32), **KEYS}, QUICK)
    new = await bound(rotated, device)

    assert _rows(supabase, new)[0][0].startswith("b1.k3.")
    assert [await answer_of(rotated, cookie, PIN) for cookie in (old, new)] == ["right", "right"]


async def test_a_process_without_the_key_counts_no_try(
    backend: Backend, bindings: Bindings, device: Device
) -> None:
    cookie = await bound(bindings, device)
    with pytest.raises(Unreachable, match="key_missing"):
        await Bindings(backend, {"k9": secrets.token_bytes(32)}, QUICK).open(cookie, PIN)

    assert await bindings.look(cookie) == Bound("pin", 5)


async def test_a_browser_is_unbound_by_its_cookie(bindings: Bindings, device: Device) -> None:
    cookie, other = await bound(bindings, device), await bound(bindings, device)
    for _ in range(2):
        await bindings.drop(cookie)

    assert await bindings.look(cookie) is None
    assert await bindings.look(other) == Bound("pin", 5)


@pytest.mark.parametrize("keep", ["others", "global"])
async def test_closing_the_other_devices_unbinds_their_browsers_and_not_this_one(
    bindings: Bindings, devices: Devices, device: Device, coordinator: Make, keep: str
) -> None:
    here = await bound(bindings, device)
    amina = device.email
    _, phone = await devices.sign_in(amina, PASSWORD, label="Lost phone")
    lost = await bound(bindings, phone)

    await devices.sign_out(device, "others" if keep == "others" else "global")

    assert await bindings.look(lost) is None
    assert await bindings.look(here) == Bound("pin", 5)


async def test_a_locked_device_binds_nothing(
    bindings: Bindings, devices: Devices, device: Device
) -> None:
    await devices.lock(device)

    with pytest.raises(NotAllowed, match="locked"):
        await bound(bindings, device)


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "ä" * 43, "' or true --"])
async def test_a_cookie_that_is_none_is_not_bound(bindings: Bindings, cookie: str) -> None:
    assert await bindings.look(cookie) is None
    assert await answer_of(bindings, cookie, PIN) == "unbound"
    await bindings.drop(cookie)


@pytest.mark.parametrize(
    ("kind", "answer", "trouble"),
    [
        ("pin", "190466", None),
        ("pin", "112358", None),
        ("pin", "19046", "not_six_digits"),
        ("pin", "1904667", "not_six_digits"),
        ("pin", "", "not_six_digits"),
        ("pin", "19046x", "not_six_digits"),
        ("pin", "19046½", "not_six_digits"),
        ("pin", "1" * 5000, "not_six_digits"),
        ("pin", "\ud800" * 6, "not_six_digits"),
        ("pin", "000000", "too_simple"),
        ("pin", "٧٧٧٧٧٧", "too_simple"),
        ("pin", "123456", "too_simple"),
        ("pin", "987654", "too_simple"),
        ("pin", "789012", "too_simple"),
        ("pin", "121212", "too_simple"),
        ("pictures", PICTURES, None),
        ("pictures", "boat-boat-fish-lamp", "not_four_pictures"),
        ("pictures", "boat-sun-fish", "not_four_pictures"),
        ("pictures", "boat-sun-fish-lamp-key", "not_four_pictures"),
        ("pictures", "boat-sun-fish-gun", "not_four_pictures"),
        ("pictures", "", "not_four_pictures"),
        ("pictures", "boat-sun-fish-lamp" * 900, "not_four_pictures"),
    ],
)
async def test_what_cannot_be_an_answer_is_said_and_binds_nothing(
    bindings: Bindings, device: Device, kind: Kind, answer: str, trouble: str | None
) -> None:
    assert answer_trouble(kind, answer) == trouble
    if trouble is not None:
        with pytest.raises(Invalid, match=trouble):
            await bound(bindings, device, kind, answer)


@pytest.mark.parametrize("answer", ["", "12345", "1" * 5000, "boat-sun-fish-lamp", "\ud800"])
async def test_what_cannot_be_a_pin_is_not_counted(
    bindings: Bindings, device: Device, answer: str
) -> None:
    cookie = await bound(bindings, device)
    with pytest.raises(AppError, match="not_six_digits"):
        await bindings.open(cookie, answer)

    assert await bindings.look(cookie) == Bound("pin", 5)


def _rows(supabase: Supabase, cookie: str) -> list[tuple[str]]:
    return supabase.execute(
        "select sealed from private.bindings where binding_hash = %s", hash_cookie(cookie)
    )
