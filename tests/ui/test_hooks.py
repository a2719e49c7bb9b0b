"""Loading and doing: every state a screen can be in, late answers, bursts of hints, double taps."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID, uuid4

import flet as ft
import pytest

from app.core.db import Db
from app.core.errors import AppError, Invalid, NotAllowed, NotFound, Unreachable
from app.core.hints import Fanout, Message
from app.core.i18n import Translator
from app.design.guard import heal, screen
from app.design.hooks import use_action, use_load
from app.design.session import AppSession, Lifetime, SessionContext, use_session
from app.design.states import Empty, show
from tests.ui.harness import Visitor

Fetch = Callable[[], Awaitable[list[str]]]


class Bell:
    """Rings for a person as the database would, past the network."""

    def __init__(self) -> None:
        self.fanout = Fanout()

    def ring(self, person_id: UUID, kind: str) -> None:
        self.fanout.hear(Message(None, kind, None, (person_id,)))

    @property
    def listeners(self) -> int:
        return len(self.fanout)


async def _no_client() -> None:
    raise AssertionError("these screens read no database")


def opening(
    component: Callable[[], ft.Control], bell: Bell, person: UUID
) -> Callable[[ft.Page], None]:
    """A root as the app has it, around one component."""

    def begin(page: ft.Page) -> None:
        life = Lifetime(page, Translator())
        start = AppSession(
            db=Db(_no_client),  # type: ignore[arg-type]
            t=life.t,
            person_id=person,
            device_hash="0" * 64,
            live=bell.fanout,
            navigate=page.navigate,
        )

        @screen
        def Root() -> ft.Control:
            again, set_again = ft.use_state(0)
            life.wake = lambda: set_again(lambda n: n + 1)
            session = AppSession(**{**vars(start), "again": again})
            return SessionContext(session, component)

        page.on_connect = lambda: heal(page)
        page.on_close = life.end
        page.render(Root)

    return begin


def listing(fetch: Fetch, deps: Sequence[object] = ()) -> Callable[[], ft.Control]:
    """A screen with a list, as every room writes it."""

    @screen
    def Listing() -> ft.Control:
        loaded, reload = use_load(fetch, live="letters", deps=deps)
        t = use_session().t
        drawn = show(
            t,
            loaded,
            reload,
            ready=lambda items: ft.Column([ft.Text(item) for item in items]),
            empty=lambda: Empty("no letters"),
        )
        return ft.Column([drawn, ft.Button("again", on_click=reload)])

    return Listing


class Letters:
    """A source that answers when told to, and counts."""

    def __init__(self, *answers: list[str] | Exception) -> None:
        self.answers = list(answers)
        self.calls = 0
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self) -> list[str]:
        self.calls += 1
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            await self.gate.wait()
        finally:
            self.at_once -= 1
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> Bell:
    monkeypatch.setattr("app.core.hints.COALESCE_SECONDS", 0.0)
    return Bell()


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


async def test_an_action_runs_once_however_often_it_is_tapped(bell: Bell) -> None:
    gate, runs = asyncio.Event(), []

    @screen
    def Form() -> ft.Control:
        async def save() -> None:
            runs.append(1)
            await gate.wait()

        run, running = use_action(save)
        return ft.Button("saving" if running else "save", on_click=run, disabled=running)

    anna = await Visitor.open(opening(Form, bell, uuid4()))
    first = asyncio.create_task(anna.tap("save"))
    await anna.until_sees("saving")
    second = asyncio.create_task(anna.tap("saving"))
    await anna.settle()
    gate.set()
    await asyncio.gather(first, second)

    await anna.until_sees("save")
    assert runs == [1]
    assert not anna.sees("saving")


async def test_an_action_that_fails_can_be_tried_again(bell: Bell) -> None:
    runs: list[int] = []

    @screen
    def Form() -> ft.Control:
        async def save() -> None:
            runs.append(1)
            if len(runs) == 1:
                raise Unreachable("backend_unreachable")

        run, running = use_action(save)
        return ft.Button("save", on_click=run, disabled=running)

    anna = await Visitor.open(opening(Form, bell, uuid4()))
    await anna.tap("save")
    assert anna.sees("No answer right now")

    await anna.tap("save")
    assert runs == [1, 1]
