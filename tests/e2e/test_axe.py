"""axe on every page: the pages come from the route tables, and one without a result is a fault.

Every role goes through all of its screens here, so this is also where nobody else may be asked.
"""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from postgrest.exceptions import APIError

from app.core.i18n import Translator
from app.people.everyone import PARTS
from app.people.model import Role
from tests.e2e.axe import faults, faults_in_both_lights
from tests.e2e.codes import invitation, new_code, organisation_id, person_id, return_code
from tests.e2e.conftest import PHONE, TABLET, Visitor
from tests.e2e.route_tables import plain_routes, screens
from tests.e2e.test_first_screen import client_of
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
PASSPHRASE = "four quiet blue boats"
_ON_PHONES = {Role.YOUNG_PERSON, Role.MENTOR}
# What the tree for screen readers says, and how many nodes it has; [] before it is there.
_TREE = """() => {
    const nodes = [...document.querySelectorAll('[id^="flt-semantic-node-"]')];
    const words = nodes.map((node) => node.getAttribute('aria-label') ?? node.innerText);
    return [nodes.length, words.join(' · ')];
}"""
_GO = """(path) => {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
}"""


def joined(run: Run, guest: Visitor, name: str) -> None:
    """Join with a new code and end on the page that says so."""
    guest.page.goto(f"{run.url}/join/{new_code(run, 'key_worker', name, 'young_person')}")
    guest.page.fill("input[name=name]", name)
    guest.page.check("input[name=way][value=passphrase]")
    guest.page.fill("input[name=passphrase]", PASSPHRASE)
    guest.page.click("main form button")
    guest.sees("Your login name")


def has_result(page: Page, path: str) -> bool:
    """Whether the page at this path is the one that opens, for this visitor."""
    answer = page.goto(path)
    assert answer
    return answer.status < 500 and urlsplit(page.url).path == urlsplit(path).path


def test_no_plain_page_has_a_grave_fault(run: Run, visitor: Make) -> None:
    newcomer = visitor(run)
    joined(run, newcomer, "Noor")
    found = faults_in_both_lights(newcomer.page)
    addresses = {
        "/join/{code}": f"/join/{new_code(run, 'key_worker', 'Ada', 'young_person')}",
        "/back/{code}": f"/back/{return_code(run, 'Noor')}",
        "/invited": invitation(run),
    }
    returned, guest, arab = visitor(run), visitor(run), visitor(run, language="ar")
    returned.page.goto(f"{run.url}{addresses['/back/{code}']}")
    returned.page.check("input[name=way][value=passphrase]")
    returned.page.fill("input[name=passphrase]", PASSPHRASE)
    returned.page.click("main form button")
    returned.page.wait_for_load_state()
    addresses["/back/{code}"] = f"/back/{return_code(run, 'Noor')}"
    newcomer.page.context.route("https://**", lambda route: route.fulfill(body="Sunny"))
    newcomer.page.locator("#exit").click()
    newcomer.page.wait_for_url("https://**")
    worker = visitor(run, TABLET)
    worker.sign_in("samira@hafenlicht.example")
    everybody = (guest, returned, newcomer, worker)
    for path in plain_routes(run):
        address = f"{run.url}{addresses.get(path, path)}"
        assert "{" not in address, f"an example is missing for {path}"
        seen = next((each for each in everybody if has_result(each.page, address)), None)
        assert seen, f"{path} opens for nobody"
        found += faults_in_both_lights(seen.page)
        if seen is guest:
            arab.page.goto(address)
            found += faults(arab.page)
    guest.page.goto(f"{run.url}/no/such/place")
    found += faults_in_both_lights(guest.page)
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def below(run: Run) -> Callable[[Role], dict[str, list[str]]]:
    """What stands below each path that lists things, by role."""
    milan, place = person_id(run, "Milan"), organisation_id(run)
    arguments = {
        "p_organisation": place,
        "p_young_person": milan,
        "p_of": person_id(run, "Ruth Adeyemi"),
        "p_reason": "Nobody has heard from Milan for a week.",
        "p_delay_hours": None,
        "p_delay_reason": None,
    }
    opening = client_of(run, "coordinator").rpc("ask_opening", arguments).execute().data
    selam, lena = person_id(run, "Selam"), person_id(run, "Lena")
    kofi = person_id(run, "Kofi Mensah")

    def alerts(role: Role) -> list[str]:
        """One that this role was told of, if there is any."""
        try:
            answer = client_of(run, role).rpc("my_alerts", {"p_organisation": place}).execute()
        except APIError:
            return []
        return [str(each["id"]) for each in cast(Any, answer.data)["alerts"][:1]]

    def of(role: Role) -> dict[str, list[str]]:
        add = ["new"] if role is Role.KEY_WORKER else []
        one = lena if role is Role.MENTOR else selam
        return {
            "/people": [*add, one],
            # Who has no mentor sees the same below it.
            "/chat": [] if role is Role.YOUNG_PERSON else [one],
            "/mentors": [lena],
            "/waiting": [milan],
            "/staff": ["new", kofi],
            "/protect": ["new", str(opening)],
            "/alerts": alerts(role),
            "/me": [part.name for part in PARTS],
        }

    return of


def drawn(page: Page, before: str) -> str:
    """Wait for another screen than `before`; returns what it says once that stays the same."""
    last = ""
    for _ in range(100):
        page.wait_for_timeout(100)
        nodes, words = page.evaluate(_TREE)
        if nodes > 5 and words == last and words != before and "One moment" not in words:
            return last
        last = words
    raise AssertionError(f"{page.url} drew nothing new: {last}")


def people() -> list[tuple[Role, str]]:
    return [(role, "en") for role in Role] + [(Role.YOUNG_PERSON, "ar")]


@pytest.mark.parametrize(("role", "language"), people())
def test_no_screen_has_a_grave_fault_or_asks_another_host(
    run: Run,
    visitor: Make,
    below: Callable[[Role], dict[str, list[str]]],
    role: Role,
    language: str,
) -> None:
    demo = [each for each in run.demo() if each["role"] == role]
    person = next((each for each in demo if each["language"] == language), demo[0])
    someone = visitor(run, PHONE if role in _ON_PHONES else TABLET)
    someone.sign_in(person["login"])
    page, t = someone.page, Translator(person["language"])
    titles = {f"/me/{part.name}": part.title(t) for part in PARTS}
    # Colours on the canvas are no business of axe; those of the page around it are everywhere the
    # same.
    words = drawn(page, "")
    found, me = faults_in_both_lights(page), ""
    for path in screens(role, below(role))[1:]:
        if path in titles and titles[path] not in me:
            continue  # not offered to this person
        page.evaluate(_GO, path)
        words = drawn(page, words)
        assert t("That is not here") not in words
        assert urlsplit(page.url).path == path
        found += faults(page)
        me = words if path == "/me" else me
    assert not found, "\n".join(found)
    # From signing in to the last screen of this role, nobody else was asked for anything.
    assert someone.asked == {urlsplit(run.url).netloc}
