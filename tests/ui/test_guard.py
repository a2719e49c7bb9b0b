"""One mistake stays one: sessions live on, nobody reads a traceback or a stranger's words."""

from collections.abc import Callable

import flet as ft
import pytest

from app.core.errors import NotAllowed
from app.design.guard import action, keyed, screen
from app.design.session import Lifetime
from tests.ui.bare import root_of
from tests.ui.harness import Visitor


@screen
def Fragile() -> ft.Control:
    count, set_count = ft.use_state(0)
    if count == 1:
        raise ValueError("a secret of the server")
    return ft.Button(f"count {count}", on_click=lambda: set_count(lambda n: n + 1))


@screen
def Steady() -> ft.Control:
    count, set_count = ft.use_state(0)
    return ft.Button(f"steady {count}", on_click=lambda: set_count(count + 1))


async def test_a_mistake_while_drawing_shows_a_problem_and_the_rest_lives_on() -> None:
    @screen
    def Root() -> ft.Control:
        rounds, set_rounds = ft.use_state(0)
        if life := Lifetime.of(ft.context.page):
            life.restart = lambda: set_rounds(lambda n: n + 1)
        return ft.Column([keyed(f"fragile{rounds}", Fragile), keyed(f"steady{rounds}", Steady)])

    anna = await Visitor.open(root_of(Root))
    await anna.tap("count 0")
    assert anna.sees("Something went wrong here")
    assert not any(b"a secret of the server" in frame for frame in anna.heard)

    await anna.tap("steady 0")
    assert anna.sees("steady 1")

    await anna.tap("Try again")
    assert anna.sees("count 0")


async def test_a_mistake_in_the_first_drawing_shows_a_problem() -> None:
    @screen
    def Root() -> ft.Control:
        raise KeyError("a secret of the server")

    anna = await Visitor.open(root_of(Root))

    assert anna.sees("Something went wrong here")
    assert anna.browser.crash is None


async def test_a_refusal_in_a_handler_is_told_in_words() -> None:
    @screen
    def Root() -> ft.Control:
        @action
        async def save() -> None:
            raise NotAllowed("not_allowed")

        return ft.Button("save", on_click=save)

    anna = await Visitor.open(root_of(Root))
    await anna.tap("save")

    assert anna.sees("That is not open to you")


@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_a_mistake_in_a_handler_is_told_without_its_traceback(kind: str) -> None:
    @screen
    def Root() -> ft.Control:
        @action
        def save() -> None:
            raise KeyError("a secret of the server")

        @action
        async def save_later() -> None:
            save_now: dict[str, int] = {}
            save_now["a secret of the server"]

        return ft.Button("save", on_click=save if kind == "plain" else save_later)

    anna = await Visitor.open(root_of(Root))
    await anna.tap("save")

    assert anna.sees("Something went wrong here")
    assert anna.browser.crash is None
    assert not any(b"a secret of the server" in frame for frame in anna.heard)


async def test_an_unguarded_handler_shows_no_traceback_either(tracebacks_hidden: None) -> None:
    @screen
    def Root() -> ft.Control:
        def save() -> None:
            raise KeyError("a secret of the server")

        return ft.Button("save", on_click=save)

    anna = await Visitor.open(root_of(Root))
    await anna.tap("save")

    assert anna.sees("Something went wrong here")
    assert anna.browser.crash is None
    assert not any(b"a secret of the server" in frame for frame in anna.heard)


async def test_a_session_that_never_began_says_so_without_a_traceback(
    tracebacks_hidden: None,
) -> None:
    anna = await Visitor.open(lambda page: page.render(Steady))
    anna.session.error("Traceback (most recent call last): a secret of the server")

    assert anna.browser.crash is not None
    assert "It is our fault" in anna.browser.crash
    assert "secret" not in anna.browser.crash


async def test_what_changes_while_the_phone_is_away_is_shown_when_it_returns() -> None:
    setters: list[Callable[[int], None]] = []

    @screen
    def Root() -> ft.Control:
        woken, set_woken = ft.use_state(0)
        if life := Lifetime.of(ft.context.page):
            life.wake = lambda: set_woken(lambda n: n + 1)
        return ft.Column([Counter()], data=woken)

    @screen
    def Counter() -> ft.Control:
        count, set_count = ft.use_state(0)
        setters.append(set_count)
        return ft.Text(f"count {count}")

    anna = await Visitor.open(root_of(Root))
    await anna.lose_network()
    setters[-1](1)
    await anna.return_()

    await anna.until_sees("count 1")


async def test_the_update_loop_starts_again_after_a_mistake_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.design.guard._HEAL_AFTER", 0.01)
    broken = [True]

    @ft.component
    def Root() -> ft.Control:
        count, set_count = ft.use_state(0)
        if life := Lifetime.of(ft.context.page):
            life.wake = lambda: set_count(lambda n: n + 1)
        if count == 1 and broken:
            broken.clear()
            raise ValueError("a mistake that no guard caught")
        return ft.Button(f"count {count}", on_click=lambda: set_count(count + 1))

    anna = await Visitor.open(root_of(Root))
    await anna.tap("count 0")

    await anna.until_sees("count 2")


async def test_what_was_taken_for_a_session_is_given_back_at_its_end() -> None:
    given_back: list[str] = []

    def begin(page: ft.Page) -> None:
        root_of(Steady)(page)
        life = Lifetime.of(page)
        assert life is not None
        life.at_end(lambda: given_back.append("listener"))
        life.at_end(lambda: given_back.append("forgotten"))()

    anna = await Visitor.open(begin)
    await anna.lose_network()
    anna.session.close()
    await anna.settle()

    assert given_back == ["listener"]
