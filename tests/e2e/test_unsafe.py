"""A young person does not feel safe: nothing is sent later, and the second person answers."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
from playwright.sync_api import expect
from supabase import Client, create_client
from supabase.lib.client_options import SyncClientOptions

from tests.e2e.codes import organisation_id
from tests.e2e.conftest import TABLET, Visitor
from tests.e2e.test_first_screen import client_of
from tests.fixtures.run import Run

Make = Callable[..., Visitor]


def open_alerts(run: Run) -> list[dict[str, Any]]:
    """What the coordinator sees that is not over."""
    arguments = {"p_organisation": organisation_id(run)}
    page = cast(Any, client_of(run, "coordinator").rpc("my_alerts", arguments).execute().data)
    return [each for each in page["alerts"] if each["state"] != "closed"]


def press(visitor: Visitor, name: str) -> None:
    button = visitor.page.get_by_role("button", name=name, exact=True).first
    button.wait_for(state="attached", timeout=40_000)
    button.click()


def let_minutes_pass(run: Run, minutes: int) -> None:
    """What the machine account does when it is so much later."""
    status = run.status()
    account = json.loads((run.home / "machines.json").read_text())["HANDRAIL_MACHINE_JOBS"]
    email, _, password = account.partition(":")
    options = SyncClientOptions(httpx_client=httpx.Client())
    client: Client = create_client(status["api_url"], status["anon_key"], options)
    client.auth.sign_in_with_password({"email": email, "password": password})
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    client.rpc("machine_alerts", {"p_at": at.isoformat()}).execute()


def test_a_press_without_network_is_never_sent_and_a_real_one_reaches_the_second_person(
    run: Run, visitor: Make
) -> None:
    coordinator, phone = visitor(run, TABLET), visitor(run)
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
    assert open_alerts(run) == []

    press(phone, "Send it now")
    phone.sees("It was sent")
    press(phone, "Show me here what happens")
    phone.sees("Your first screen shows what happens.")
    let_minutes_pass(run, 11)
    coordinator.sees("does not feel safe.")
    press(coordinator, "Look now")
    press(coordinator, "I take it")
    coordinator.sees("has taken it.")
    phone.page.get_by_role("tab", name="Home").click()
    phone.sees("has read it and comes back to you.")
