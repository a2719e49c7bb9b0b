"""Two people after each other in one tab: the second never meets a byte of the first."""

from collections.abc import Callable

import psycopg
import pytest

from tests.e2e.conftest import Visitor
from tests.e2e.test_first_screen import client_of
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
FIRST, FIRST_NAME = "quick-maple-63", "Lena"
SECOND, SECOND_NAME = "blue-heron-27", "Selam"


def by_button(run: Run, someone: Visitor) -> None:
    someone.sign_out()


def by_lost_cookie(run: Run, someone: Visitor) -> None:
    someone.page.context.clear_cookies()
    someone.page.reload()
    someone.page.wait_for_url("**/signin**")


def by_expiry(run: Run, someone: Visitor) -> None:
    """The sign-in's time is over: the row says so, and the page is loaded again."""
    with owner(run) as connection:
        connection.execute("update private.devices set expires_at = now() - interval '1 second'")
    someone.page.context.clear_cookies()
    someone.page.goto(run.url)
    someone.page.wait_for_url("**/signin**")


@pytest.mark.parametrize("leave", [by_button, by_lost_cookie, by_expiry])
def test_the_next_person_in_the_tab_sees_nothing_of_the_one_before(
    run: Run, visitor: Make, leave: Callable[[Run, Visitor], None]
) -> None:
    tab = visitor(run)
    tab.sign_in(FIRST)
    leave(run, tab)
    assert FIRST_NAME not in tab.everything()
    tab.sign_in(SECOND)
    for step in (tab.page.reload, tab.page.go_back, tab.page.go_forward):
        step()
        tab.page.wait_for_timeout(1500)
        assert FIRST_NAME not in tab.everything()
    twin = tab.page.context.new_page()
    twin.goto(run.url)
    Visitor(run, twin).sees(SECOND_NAME)
    assert FIRST_NAME not in twin.content()


def test_back_after_signing_out_shows_nothing(run: Run, visitor: Make) -> None:
    tab = visitor(run)
    tab.sign_in(FIRST)
    tab.sign_out()
    tab.page.go_back()
    tab.page.wait_for_timeout(2000)
    assert FIRST_NAME not in tab.everything()


def test_removal_of_access_ends_the_running_app_within_seconds(run: Run, visitor: Make) -> None:
    mentor = visitor(run)
    mentor.sign_in("kofi@hafenlicht.example")
    with owner(run) as connection:
        row = connection.execute(
            "select id from public.memberships where role = 'mentor' and until is null"
        ).fetchone()
    assert row
    client_of(run, "coordinator").rpc(
        "end_membership", {"p_membership": str(row[0]), "p_reason": "left"}
    ).execute()
    mentor.page.wait_for_url("**/signed-out", timeout=8000)
    assert "Kofi" not in mentor.everything()
    mentor.page.goto(run.url)
    assert "/signin" in mentor.page.url


def owner(run: Run) -> "psycopg.Connection[tuple[object, ...]]":
    """The database itself, for what no person may do."""
    import json

    socket = json.loads((run.home / "runtime.json").read_text())["db_socket"]
    return psycopg.connect(f"host={socket} user=supabase_admin dbname=postgres", autocommit=True)
