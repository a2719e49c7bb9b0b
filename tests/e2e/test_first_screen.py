"""Signing in, seeing who one is, and seeing changes that others make, in a real browser."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from supabase import Client, create_client
from supabase.lib.client_options import SyncClientOptions

from tests.e2e.conftest import PHONE, TABLET, Visitor
from tests.fixtures.run import Run

Make = Callable[..., Visitor]


def client_of(run: Run, role: str) -> Client:
    """A demo person of this role, as any Supabase client signs in."""
    status = run.status()
    person = next(each for each in status["demo"] if each["role"] == role)
    options = SyncClientOptions(httpx_client=httpx.Client())
    client = create_client(status["api_url"], status["anon_key"], options)
    client.auth.sign_in_with_password({"email": person["email"], "password": person["password"]})
    return client


@pytest.mark.parametrize(
    ("login", "words", "direction"),
    [
        ("blue-heron-27", "Young person", "ltr"),
        ("quick-maple-63", "Junger Mensch", "ltr"),
        ("calm-river-41", "شاب", "rtl"),
    ],
)
def test_everybody_reads_their_own_language(
    run: Run, visitor: Make, login: str, words: str, direction: str
) -> None:
    someone = visitor(run, PHONE)
    someone.sign_in(login)
    someone.sees(words)
    tabs = someone.page.get_by_role("tab")
    tabs.nth(1).wait_for()
    home, me = tabs.first.bounding_box(), tabs.nth(1).bounding_box()
    assert home is not None
    assert me is not None
    assert (home["x"] > me["x"]) is (direction == "rtl")


def test_a_change_by_another_process_appears_without_a_reload(run: Run, visitor: Make) -> None:
    worker = visitor(run, TABLET)
    worker.sign_in("samira@hafenlicht.example")
    worker.sees("Hafenlicht")
    coordinator = client_of(run, "coordinator")
    columns = coordinator.table("organisations").select("id,name,version")
    row: dict[str, Any] = dict(columns.single().execute().data)  # type: ignore[arg-type]  # JSON

    def rename(name: str, version: int) -> int:
        arguments = {"p_organisation": row["id"], "p_name": name, "p_version": version}
        return int(str(coordinator.rpc("rename_organisation", arguments).execute().data))

    version = rename("Hafenlicht am Kai", row["version"])
    worker.sees("Hafenlicht am Kai", seconds=5)
    rename(row["name"], version)


def test_nothing_comes_from_a_foreign_host(run: Run, visitor: Make) -> None:
    someone = visitor(run, PHONE)
    someone.sign_in("blue-heron-27")
    someone.page.goto(f"{run.url}/me")
    someone.sees("Language")
    someone.sign_out()
    assert someone.foreign == []


def test_an_unknown_address_is_a_real_404(run: Run, visitor: Make) -> None:
    someone = visitor(run)
    answer = someone.page.goto(f"{run.url}/no/such/place")
    assert answer
    assert answer.status == 404
