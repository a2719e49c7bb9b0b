"""Devices that were signed out or locked elsewhere end here: all of them, and also later."""

import asyncio
from uuid import UUID, uuid4

from app.core.errors import Unreachable
from app.shell.codes import Close
from app.shell.departures import Departures
from tests.core.clocks import SteppedClock, settle

AMINA, BEN = uuid4(), uuid4()


class Place:
    """What a process knows, and what the database would say. `away` devices get no answer."""

    def __init__(self, known: dict[str, UUID], signed_in: set[str]) -> None:
        self.clock = SteppedClock()
        self.away: set[str] = set()
        self.asked: list[str] = []
        self.locked: set[str] = set()
        self.ended: list[str] = []
        self.codes: dict[str, Close] = {}
        self._known = known
        self._signed_in = signed_in
        self.departures = Departures(self.known, self.verdict, self.end, self.clock)

    def known(self, person: UUID | None) -> list[str]:
        return [name for name, owner in self._known.items() if person in (None, owner)]

    async def verdict(self, device: str) -> Close | None:
        self.asked.append(device)
        if device in self.away:
            raise Unreachable("unreachable")
        if device in self.locked:
            return Close.LOCKED
        return None if device in self._signed_in else Close.SIGNED_OUT

    async def end(self, device: str, code: Close) -> None:
        self.ended.append(device)
        self.codes[device] = code

    def look(self, person: UUID | None) -> "asyncio.Task[None]":
        return asyncio.create_task(self.departures.look(person))


async def test_only_what_is_signed_out_ends_and_only_of_that_person() -> None:
    place = Place({"phone": AMINA, "tablet": AMINA, "old": BEN}, {"tablet"})
    await place.look(AMINA)
    assert place.ended == ["phone"]


async def test_each_device_learns_why_it_ends() -> None:
    place = Place({"phone": AMINA, "tablet": AMINA}, {"tablet"})
    place.locked = {"tablet"}
    await place.look(AMINA)
    assert place.codes == {"phone": Close.SIGNED_OUT, "tablet": Close.LOCKED}


async def test_after_lost_hints_everybody_is_asked_about_within_seconds() -> None:
    place = Place({f"device {number}": uuid4() for number in range(200)}, set())
    looking = place.look(None)
    await settle()
    assert len(place.ended) < 200
    await place.clock.advance(5)
    assert len(place.ended) == 200
    await looking


async def test_one_device_without_an_answer_keeps_no_other_one_alive() -> None:
    place = Place({"phone": AMINA, "tablet": AMINA}, set())
    place.away = {"phone"}
    looking = place.look(AMINA)
    await settle()
    assert place.ended == ["tablet"]
    looking.cancel()


async def test_what_could_not_be_asked_is_asked_again_until_there_is_an_answer() -> None:
    place = Place({"phone": AMINA}, set())
    place.away = {"phone"}
    looking = place.look(AMINA)
    await place.clock.advance(600)
    assert not looking.done()
    place.away = set()
    await place.clock.advance(90)
    assert place.ended == ["phone"]
    await looking


async def test_many_hints_while_the_database_is_away_wait_as_one() -> None:
    place = Place({"phone": AMINA}, set())
    place.away = {"phone"}
    looking = [place.look(AMINA) for _ in range(50)]
    await settle()
    assert sum(not each.done() for each in looking) == 1
    place.away = set()
    await place.clock.advance(90)
    assert place.ended == ["phone"]
    await asyncio.gather(*looking)
