"""People who are signed in stay where they were: reload, closed tab, other network, restart."""

import contextlib
import time
from collections.abc import Callable

import psutil
import pytest
from playwright.sync_api import TimeoutError

from tests.e2e.conftest import Visitor
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
LOGIN, HERE = "blue-heron-27", "/me/language"


def reload(run: Run, someone: Visitor) -> None:
    someone.page.reload()


def close_the_tab(run: Run, someone: Visitor) -> None:
    tab = someone.page.context.new_page()
    someone.page.close()
    someone.page = tab
    tab.goto(f"{run.url}{HERE}")


def change_the_network(run: Run, someone: Visitor) -> None:
    someone.page.context.set_offline(True)
    someone.page.wait_for_timeout(1000)
    someone.page.context.set_offline(False)


def kill_the_app(run: Run, someone: Visitor) -> None:
    """Nobody says goodbye; `./dev run` starts another process under the same home."""
    before = app_process(run)
    assert before
    before.kill()
    end = time.monotonic() + 40
    while app_process(run, unlike=before.pid) is None:
        assert time.monotonic() < end, run.output()
        someone.page.wait_for_timeout(200)


def app_process(run: Run, unlike: int = 0) -> psutil.Process | None:
    """The process that serves the web app, None while there is no other than `unlike`."""
    assert run.process
    children = psutil.Process(run.process.pid).children()
    return next(
        (each for each in children if each.pid != unlike and each.cmdline()[-1:] == ["local-app"]),
        None,
    )


@pytest.mark.parametrize("lose", [reload, close_the_tab, change_the_network, kill_the_app])
def test_whoever_is_signed_in_comes_back_to_the_same_screen_and_goes_on(
    run: Run, visitor: Make, lose: Callable[[Run, Visitor], None]
) -> None:
    someone = visitor(run)
    someone.sign_in(LOGIN)
    someone.page.goto(f"{run.url}{HERE}")
    someone.sees("Deutsch")
    lose(run, someone)
    someone.sees("Deutsch")
    assert someone.page.url == f"{run.url}{HERE}"
    assert_it_lives(someone)


def assert_it_lives(someone: Visitor) -> None:
    """What they press does something, at the latest when the connection is back."""
    home = someone.page.get_by_role("tab", name="Home")
    for _ in range(20):
        home.click(timeout=40_000)
        with contextlib.suppress(TimeoutError):
            return someone.sees("My key worker", seconds=2)
    raise AssertionError("nothing answers")
