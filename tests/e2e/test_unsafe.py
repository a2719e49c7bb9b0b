"""A young person does not feel safe: nothing is sent later, and the second person answers."""

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
from playwright.sync_api import TimeoutError, expect
from supabase import Client, create_client
from supabase.lib.client_options import SyncClientOptions

from tests.e2e.conftest import TABLET, Visitor
from tests.fixtures.run import Run

Make = Callable[..., Visitor]


class Behind:
    """What the database says, and the machine that tells the next one. One program is asked once
    where it runs."""

    def __init__(self, run: Run) -> None:
        self._status = run.status()
        account = json.loads((run.home / "machines.json").read_text())["HANDRAIL_MACHINE_JOBS"]
        email, _, password = account.partition(":")
        self._machine = self._client(email, password)
        lead = next(each for each in self._status["demo"] if each["role"] == "coordinator")
        self._lead = self._client(lead["email"], lead["password"])
        rows = cast(Any, self._lead.table("organisations").select("id").execute().data)
        self._place = rows[0]["id"]

    def _client(self, email: str, password: str) -> Client:
        options = SyncClientOptions(httpx_client=httpx.Client())
        client = create_client(self._status["api_url"], self._status["anon_key"], options)
        client.auth.sign_in_with_password({"email": email, "password": password})
        return client

    def open_alerts(self) -> list[dict[str, Any]]:
        """What the coordinator sees that is not over."""
        page = self._lead.rpc("my_alerts", {"p_organisation": self._place}).execute().data
        return [each for each in cast(Any, page)["alerts"] if each["state"] != "closed"]

    def pass_minutes(self, minutes: int) -> None:
        """What the machine account does when it is so much later."""
        at = datetime.now(UTC) + timedelta(minutes=minutes)
        self._machine.rpc("machine_alerts", {"p_at": at.isoformat()}).execute()


def press(visitor: Visitor, name: str) -> None:
    button = visitor.page.get_by_role("button", name=name, exact=True).first
    button.wait_for(state="attached", timeout=40_000)
    button.click()


def send(phone: Visitor) -> None:
    """Press, and again where the screen could not tell that it was just now: on a machine that
    has no time for its browser."""
    sent = phone.page.get_by_text("It was sent").or_(phone.page.get_by_label("It was sent")).first
    for _ in range(3):
        press(phone, "Send it now")
        with contextlib.suppress(TimeoutError):
            return sent.wait_for(state="attached", timeout=15_000)
    phone.sees("It was sent")


def test_a_press_without_network_is_never_sent_and_a_real_one_reaches_the_second_person(
    run: Run, visitor: Make
) -> None:
    behind, coordinator, phone = Behind(run), visitor(run, TABLET), visitor(run)
    coordinator.sign_in("miriam@hafenlicht.example")
    phone.sign_in("bright-otter-58")
    press(phone, "I do not feel safe")
    phone.sees("Who will see it")
    press(phone, "Do not contact me. I come to you.")
    phone.page.context.set_offline(True)
    press(phone, "Send it now")
    phone.sees("No connection. That was not sent.")
    assert phone.page.get_by_role("button", name="112").count() > 0
    phone.page.context.set_offline(False)
    expect(phone.page.locator("#away")).to_be_empty(timeout=20_000)
    press(phone, "Call me")
    assert behind.open_alerts() == []

    send(phone)
    press(phone, "Show me here what happens")
    phone.sees("Your first screen shows what happens.")
    behind.pass_minutes(11)
    coordinator.sees("does not feel safe.")
    press(coordinator, "Look now")
    press(coordinator, "I take it")
    coordinator.sees("has taken it.")
    phone.page.get_by_role("tab", name="Home").click()
    phone.sees("has read it and comes back to you.")
