"""Every state a load can be in, failures, and answers that come too late."""

import asyncio
from uuid import uuid4

import flet as ft
import pytest

from app.core.errors import AppError, Invalid, NotAllowed, NotFound, Unreachable
from app.design.guard import screen
from app.design.hooks import use_load
from tests.ui.bare import Bell, Letters, listing, opening
from tests.ui.harness import Visitor


async def test_a_screen_waits_and_then_shows_its_data(bell: Bell) -> None:
    letters = Letters(["one", "two"])
    letters.gate.clear()
    anna = await Visitor.open(opening(listing(letters.fetch), bell, uuid4()))
    assert anna.sees("One moment, please.")

    letters.gate.set()
    await anna.until_sees("two")
    assert not anna.sees("One moment, please.")


async def test_a_screen_without_data_says_so(bell: Bell) -> None:
    anna = await Visitor.open(opening(listing(Letters([]).fetch), bell, uuid4()))

    await anna.until_sees("no letters")


async def test_a_failure_shows_a_problem_and_trying_again_mends_it(bell: Bell) -> None:
    letters = Letters(Unreachable("backend_unreachable"), ["one"])
    anna = await Visitor.open(opening(listing(letters.fetch), bell, uuid4()))
    await anna.until_sees("No answer right now")

    await anna.tap("Try again")
    await anna.until_sees("one")
    assert not anna.sees("No answer right now")


async def test_a_mistake_in_a_fetch_shows_a_problem_without_its_text(bell: Bell) -> None:
    letters = Letters(KeyError("a secret of the server"))
    anna = await Visitor.open(opening(listing(letters.fetch), bell, uuid4()))

    await anna.until_sees("Something went wrong here")
    assert not any(b"a secret of the server" in frame for frame in anna.heard)


async def test_old_data_stays_and_is_called_stale_when_reading_it_again_fails(bell: Bell) -> None:
    letters = Letters(["one"], Unreachable("backend_unreachable"), ["one"])
    anna = await Visitor.open(opening(listing(letters.fetch), bell, uuid4()))
    await anna.until_sees("one")

    await anna.tap("again")
    await anna.until_sees("Not up to date.")
    assert anna.sees("one")

    await anna.tap("Try again")
    await anna.until_gone("Not up to date.")
    assert anna.sees("one")


@pytest.mark.parametrize("error", [NotAllowed("not_allowed"), NotFound("not_found")])
async def test_what_somebody_may_not_see_any_more_goes_at_once(bell: Bell, error: AppError) -> None:
    letters = Letters(["one"], error)
    anna = await Visitor.open(opening(listing(letters.fetch), bell, uuid4()))
    await anna.until_sees("one")

    await anna.tap("again")
    await anna.until_gone("one")
    assert anna.sees("That is not")


async def test_an_unreachable_backend_is_asked_again_without_a_tap(
    bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.design.hooks._RETRIES", (0.01,))
    letters = Letters(Unreachable("backend_unreachable"), ["one"])
    anna = await Visitor.open(opening(listing(letters.fetch), bell, uuid4()))

    await anna.until_sees("one")


async def test_a_refused_fetch_is_not_asked_again_by_itself(
    bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.design.hooks._RETRIES", (0.01,))
    letters = Letters(Invalid("not_valid"))
    anna = await Visitor.open(opening(listing(letters.fetch), bell, uuid4()))
    await anna.until_sees("That did not work")

    await asyncio.sleep(0.05)
    assert letters.calls == 1


async def test_a_late_answer_for_other_deps_is_dropped(bell: Bell) -> None:
    held = asyncio.Event()

    @screen
    def Chooser() -> ft.Control:
        who, set_who = ft.use_state("Anna")

        async def fetch() -> list[str]:
            if who == "Anna":
                await held.wait()
            return [f"letters of {who}"]

        loaded, _ = use_load(fetch, deps=[who])
        return ft.Column(
            [
                ft.Button("Ben", on_click=lambda: set_who("Ben")),
                ft.Text(loaded.data[0] if loaded.data else loaded.state),
            ]
        )

    anna = await Visitor.open(opening(Chooser, bell, uuid4()))
    await anna.tap("Ben")
    await anna.until_sees("letters of Ben")
    held.set()
    await anna.settle()

    assert anna.sees("letters of Ben")


async def test_data_of_other_deps_is_never_shown_under_the_new_ones(bell: Bell) -> None:
    gate = asyncio.Event()

    @screen
    def Chooser() -> ft.Control:
        who, set_who = ft.use_state("Anna")

        async def fetch() -> str:
            if who == "Ben":
                await gate.wait()
            return f"letters of {who}"

        loaded, _ = use_load(fetch, deps=[who])
        return ft.Column(
            [
                ft.Button("Ben", on_click=lambda: set_who("Ben")),
                ft.Text(f"{who} reads {loaded.data}"),
            ]
        )

    anna = await Visitor.open(opening(Chooser, bell, uuid4()))
    await anna.until_sees("Anna reads letters of Anna")
    await anna.tap("Ben")
    assert anna.sees("Ben reads None")

    gate.set()
    await anna.until_sees("Ben reads letters of Ben")
    assert not any(b"Ben reads letters of Anna" in frame for frame in anna.heard)
