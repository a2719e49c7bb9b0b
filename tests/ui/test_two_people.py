"""Two people in one process, at the same time, on good and bad days: neither sees the other.

What counts is every byte that went to a browser, not what happens to be on its screen.
"""

import asyncio
from dataclasses import replace
from functools import partial

import flet as ft
import pytest

from app.core.auth import Devices
from app.core.errors import Unreachable
from app.core.hints import Fanout, Message
from app.core.http import Backend
from app.core.live import LiveHub
from app.core.seal import Seal
from tests.ui.conftest import Account, MakeAccount
from tests.ui.harness import Visitor

ROUNDS = 5


async def _rename(account: Account, name: str) -> None:
    await account.people.update_me(replace((await account.home()).person, name=name))


async def _rename_house(account: Account, name: str) -> None:
    active = (await account.home()).active
    assert active is not None
    await account.people.rename_organisation(replace(active.organisation, name=name))


def _stands_alone(visitor: Visitor, words: str) -> bool:
    return words in visitor.texts


def _traces(visitor: Visitor, *words: str) -> list[bytes]:
    """The frames to this browser, ever, in which one of the words stands."""

    def has(frame: bytes) -> bool:
        text = frame.decode("utf-8", "replace").casefold()
        return any(word.casefold() in text for word in words)

    return [frame for frame in visitor.heard if has(frame)]


async def test_hints_at_the_same_moment_reach_their_own_screens_only(
    account: MakeAccount, hub: LiveHub
) -> None:
    amina, ben = await account("Amina"), await account("Benedikt")
    hers, his = await asyncio.gather(
        Visitor.open(amina.begin(hub)), Visitor.open(ben.begin(hub), route="/me", width=820)
    )
    await hers.until_sees("Hello Amina")
    await his.until_sees("House of Benedikt")

    for number in range(ROUNDS):
        await asyncio.gather(
            _rename(amina, f"Amina {number}"),
            _rename(ben, f"Benedikt {number}"),
            _rename_house(amina, f"Amina's place {number}"),
            _rename_house(ben, f"Benedikt's place {number}"),
        )
        await asyncio.gather(
            hers.until_sees(f"Hello Amina {number}"),
            hers.until_sees(f"Amina's place {number}"),
            his.until_sees(f"Benedikt's place {number}"),
            his.until(partial(_stands_alone, his, f"Benedikt {number}"), "his new name"),
        )

    assert _traces(hers, "Benedikt") == []
    assert _traces(his, "Amina") == []


async def test_taps_and_lost_networks_at_the_same_moment_stay_apart(
    account: MakeAccount, hub: LiveHub
) -> None:
    amina, ben = await account("Amina"), await account("Benedikt")
    hers = await Visitor.open(amina.begin(hub), route="/me/text", width=1000)
    his = await Visitor.open(ben.begin(hub), route="/me/text", width=1000)
    await hers.until_sees("Text size")
    await his.until_sees("Text size")

    for number in range(ROUNDS):
        await hers.lose_network()
        await asyncio.gather(
            his.tap("Largest" if number % 2 else "Normal"),
            _rename(amina, f"Amina {number}"),
            _rename(ben, f"Benedikt {number}"),
        )
        await hers.return_()
        await his.lose_network()
        await hers.tap("Largest" if number % 2 else "Normal")
        await hers.until_sees(f"Amina {number}")
        await his.return_()
        await his.until_sees(f"Benedikt {number}")

    assert _traces(hers, "Benedikt") == []
    assert _traces(his, "Amina") == []


async def test_one_signed_out_person_sees_a_problem_and_the_other_goes_on(
    account: MakeAccount, backend: Backend, seal: Seal, hub: LiveHub
) -> None:
    amina, ben = await account("Amina"), await account("Benedikt")
    hers, his = await Visitor.open(amina.begin(hub)), await Visitor.open(ben.begin(hub))
    await hers.until_sees("Hello Amina")
    await his.until_sees("Hello Benedikt")

    await Devices(backend, seal).sign_out(ben.device, "local")
    await his.lose_network()
    await his.return_()
    await his.until_sees("You are signed out")
    await _rename(amina, "Mina")
    await hers.until_sees("Hello Mina")

    assert _traces(hers, "Benedikt", "signed out") == []
    assert _traces(his, "Amina", "Mina") == []


@pytest.mark.usefixtures("tracebacks_hidden")
async def test_mistakes_of_one_screen_reach_nobody_else(
    account: MakeAccount, hub: LiveHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, ben = await account("Amina"), await account("Benedikt")
    hers, his = await Visitor.open(amina.begin(hub)), await Visitor.open(ben.begin(hub))
    await hers.until_sees("Hello Amina")
    await his.until_sees("Hello Benedikt")

    class Wrong(Exception):
        """What no code of ours expects, with a person's name in it."""

    def fail() -> None:
        raise Wrong("Benedikt did something secret")

    monkeypatch.setattr(his.session.page, "on_resize", fail)
    await his.resize(820)
    await his.until_sees("Something went wrong here")
    await _rename(amina, "Mina")
    await hers.until_sees("Hello Mina")
    await _rename(ben, "Benno")
    await his.until_sees("Hello Benno")

    assert _traces(hers, "Benedikt", "Something went wrong") == []
    assert _traces(his, "Amina", "Mina", "secret", "Traceback") == []


async def test_a_hint_heard_while_another_session_is_at_work_keeps_its_own_page(
    account: MakeAccount,
) -> None:
    """The hint arrives in the middle of the other person's tap, in that tap's own context."""
    amina, ben = await account("Amina"), await account("Benedikt")
    fanout = Fanout()
    hers, his = await Visitor.open(amina.begin(fanout)), await Visitor.open(ben.begin(fanout))
    await hers.until_sees("Hello Amina")
    await his.until_sees("Hello Benedikt")
    await _rename(ben, "Benno")

    def resized(event: ft.PageResizeEvent) -> None:
        fanout.hear(Message(None, "person", None, (ben.device.person_id,)))

    hers.session.page.on_resize = resized
    await hers.resize(500)
    await his.until_sees("Hello Benno")

    assert _traces(hers, "Benedikt") == []


async def test_a_backend_that_is_away_for_one_leaves_the_other_alone(
    account: MakeAccount, hub: LiveHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, ben = await account("Amina"), await account("Benedikt")
    hers, his = await Visitor.open(amina.begin(hub)), await Visitor.open(ben.begin(hub))
    await hers.until_sees("Hello Amina")
    await his.until_sees("Hello Benedikt")

    async def unreachable() -> None:
        raise Unreachable("backend_unreachable")

    with monkeypatch.context() as away:
        away.setattr(ben.device.db, "_client", unreachable)
        await his.lose_network()
        await his.return_()
        await his.until_sees("Not up to date.")
        assert his.sees("Hello Benedikt")
        await _rename(amina, "Mina")
        await hers.until_sees("Hello Mina")
    await his.tap("Try again")
    await his.until_gone("Not up to date.")

    assert _traces(hers, "Benedikt", "Not up to date") == []
    assert _traces(his, "Amina", "Mina") == []
