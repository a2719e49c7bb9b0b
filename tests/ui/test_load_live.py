"""Loads that stay up to date: hints, bursts of them, screens and phones that go away."""

from uuid import uuid4

import flet as ft

from app.design.guard import screen
from tests.ui.bare import Bell, Letters, listing, opening
from tests.ui.harness import Visitor


async def test_a_hint_reads_again(bell: Bell) -> None:
    person, letters = uuid4(), Letters(["one"], ["one", "two"])
    anna = await Visitor.open(opening(listing(letters.fetch), bell, person))
    await anna.until_sees("one")

    bell.ring(person, "letters")
    await anna.until_sees("two")


async def test_a_hint_of_another_kind_or_person_reads_nothing(bell: Bell) -> None:
    person, letters = uuid4(), Letters(["one"])
    anna = await Visitor.open(opening(listing(letters.fetch), bell, person))
    await anna.until_sees("one")

    bell.ring(person, "parcels")
    bell.ring(uuid4(), "letters")
    await anna.settle()
    assert letters.calls == 1


async def test_a_burst_of_hints_costs_one_fetch_under_way_and_one_more(bell: Bell) -> None:
    person, letters = uuid4(), Letters(["one"])
    anna = await Visitor.open(opening(listing(letters.fetch), bell, person))
    await anna.until_sees("one")

    letters.gate.clear()
    for _ in range(2):
        for _ in range(50):
            bell.ring(person, "letters")
        await anna.settle()
    letters.gate.set()
    await anna.settle()

    assert letters.calls == 3
    assert letters.most_at_once == 1


async def test_a_screen_that_is_gone_listens_no_more_and_stops_fetching(bell: Bell) -> None:
    letters = Letters(["one"])
    letters.gate.clear()
    Listing = listing(letters.fetch)

    @screen
    def Door() -> ft.Control:
        open_, set_open = ft.use_state(True)
        button = ft.Button("leave", on_click=lambda: set_open(False))
        return ft.Column([button, Listing()]) if open_ else ft.Column([button])

    anna = await Visitor.open(opening(Door, bell, uuid4()))
    assert bell.listeners == 1
    assert letters.at_once == 1

    await anna.tap("leave")
    assert bell.listeners == 0
    assert letters.at_once == 0


async def test_a_session_that_ends_listens_no_more(bell: Bell) -> None:
    anna = await Visitor.open(opening(listing(Letters(["one"]).fetch), bell, uuid4()))
    await anna.until_sees("one")

    await anna.lose_network()
    anna.session.close()
    await anna.settle()

    assert bell.listeners == 0


async def test_a_hint_while_the_phone_is_away_waits_until_it_returns(bell: Bell) -> None:
    person, letters = uuid4(), Letters(["one"], ["two"])
    anna = await Visitor.open(opening(listing(letters.fetch), bell, person))
    await anna.until_sees("one")

    await anna.lose_network()
    bell.ring(person, "letters")
    await anna.settle()
    assert letters.calls == 1

    await anna.return_()
    await anna.until_sees("two")


async def test_a_load_whose_start_was_lost_with_the_network_starts_on_return(bell: Bell) -> None:
    letters = Letters(["one"])
    letters.gate.clear()
    anna = await Visitor.open(opening(listing(letters.fetch), bell, uuid4()))
    await anna.lose_network()
    letters.gate.set()
    await anna.settle()
    await anna.return_()

    await anna.until_sees("one")
