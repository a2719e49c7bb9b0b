"""The coordinator's lists a page at a time, changes of key worker, and removal at once."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.rls.caller import Caller
from tests.rls.teams import told, unowned
from tests.rls.world import World, add_membership, add_person


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def pages(caller: Caller, function: str, search: str | None = None) -> list[list[dict[str, Any]]]:
    """All pages of a list, read as the screen does."""
    found: list[list[dict[str, Any]]] = []
    after: tuple[object, object] = (None, None)
    while True:
        words = () if function == "unowned_young_people" else (search,)
        page = caller.call("coordinator", function, caller.world.organisation, *words, *after)
        found.append(page["people"])
        if not page["more"]:
            return found
        last = page["people"][-1]
        after = (last["since" if not words else "name"], last["person_id"])


def fill(caller: Caller, count: int, role: str) -> set[str]:
    """So many people with this role, names and beginnings partly the same."""
    made = set()
    for number in range(count):
        person = add_person(caller.connection, f"Noor {number % 7}")
        add_membership(caller.connection, caller.world.organisation, person, role)
        made.add(str(person))
    return made


@pytest.mark.parametrize("function", ["young_people_of", "unowned_young_people"])
def test_every_young_person_stands_on_one_page_once(caller: Caller, function: str) -> None:
    made = fill(caller, 120, "young_person")
    found = pages(caller, function)

    assert [len(page) for page in found[:2]] == [50, 50]
    ids = [each["person_id"] for page in found for each in page]
    assert len(ids) == len(set(ids))
    assert made <= set(ids)


def test_staff_are_listed_once_with_all_their_roles(caller: Caller, world: World) -> None:
    made = fill(caller, 60, "trainer")
    add_membership(caller.connection, world.organisation, world.people["trainer"], "mentor")
    everybody = [each for page in pages(caller, "staff_of") for each in page]

    ids = [each["person_id"] for each in everybody]
    assert len(ids) == len(set(ids))
    assert made <= set(ids)
    by_name = {each["name"]: each for each in everybody}
    assert {each["role"] for each in by_name["trainer"]["roles"]} == {"trainer", "mentor"}
    assert "young_person" not in by_name
    assert by_name["key_worker"]["charges"] == 2
    fresh = by_name["invited"]
    assert (fresh["joined"], fresh["invitation"]["email"]) == (False, "kim@post.example")
    assert (by_name["trainer"]["joined"], by_name["trainer"]["invitation"]) == (True, None)


def test_the_list_names_key_workers_and_who_has_joined_and_logs_nothing(
    caller: Caller, world: World
) -> None:
    (page,) = pages(caller, "young_people_of")
    seen = {each["name"]: each for each in page}

    assert {name: each["joined"] for name, each in seen.items()} == {
        "own": True,
        "waiting": False,
        "young_person": True,
    }
    assert seen["young_person"]["key_worker"] == {
        "person_id": str(world.people["key_worker"]),
        "name": "key_worker",
    }
    assert seen["own"]["key_worker"] is None
    logged = "select from private.access_log where organisation_id = %s"
    assert caller.rows(logged, world.organisation) == []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("YOUNG", {"young_person"}),
        ("o", {"own", "young_person"}),
        ("%", set()),
        ("_", {"young_person"}),
    ],
)
def test_a_search_is_a_part_of_the_name_and_no_pattern(
    caller: Caller, search: str, found: set[str]
) -> None:
    (page,) = pages(caller, "young_people_of", search)
    assert {each["name"] for each in page} == found


def fitting(caller: Caller, part: str, by: str = "coordinator") -> set[str]:
    world = caller.world
    young = world.people["young_person"]
    people = caller.call(by, "fitting_people", world.organisation, young, part)
    return {each["name"] for each in people}


def test_who_fits_is_cleared_not_in_the_team_and_not_oneself(caller: Caller) -> None:
    assert fitting(caller, "key_worker") == {"stand_in", "former_teammate"}
    assert fitting(caller, "stand_in") == {"former_teammate"}
    assert fitting(caller, "stand_in", by="key_worker") == {"former_teammate", "coordinator"}
    assert fitting(caller, "mentor") == {"invited"}
    assert fitting(caller, "boss") == set()


def hand_over(caller: Caller, to: str, *, seen: str = "key_worker", stays: bool) -> str:
    world = caller.world
    return caller.answer(
        "coordinator", "hand_over", world.organisation, world.people["young_person"],
        world.people[to], world.parts[seen], "asked_for", stays,
    )  # fmt: skip


def parts(caller: Caller) -> dict[str, str]:
    page = caller.call("coordinator", "open_person", caller.world.people["young_person"])
    return {each["name"]: each["part"] for each in page["team"]}


def test_another_key_worker_comes_with_a_reason_and_the_old_one_may_stay_as_stand_in(
    caller: Caller, world: World
) -> None:
    assert hand_over(caller, "former_teammate", stays=True) == "ok"

    now = parts(caller)
    assert (now["former_teammate"], now["key_worker"]) == ("key_worker", "stand_in")
    reasons = caller.rows("select action, reason from private.audit order by id desc limit 2")
    assert ("key_worker_changed", "asked_for") in reasons
    young = world.people["young_person"]
    assert {young, world.people["key_worker"], world.people["former_teammate"]} <= told(caller)[
        young
    ]


def test_else_the_old_one_goes_and_a_change_meanwhile_is_noticed(caller: Caller) -> None:
    assert hand_over(caller, "former_teammate", stays=False) == "ok"
    assert "key_worker" not in parts(caller)
    assert hand_over(caller, "stand_in", stays=False) == "409 changed_meanwhile"


def test_an_old_key_worker_who_may_not_act_any_more_does_not_stay(
    caller: Caller, world: World
) -> None:
    caller.connection.execute(
        "update public.memberships set cleared_until = null where id = %s",
        (world.memberships["key_worker"],),
    )
    assert hand_over(caller, "former_teammate", stays=True) == "422 person_not_fitting"
    assert parts(caller)["key_worker"] == "key_worker"


def test_removal_ends_every_role_here_signs_out_and_leaves_nobody_without_notice(
    caller: Caller, world: World
) -> None:
    person = world.people["key_worker"]
    add_membership(caller.connection, world.organisation, person, "trainer")
    caller.call("coordinator", "remove_access", world.organisation, person, "left")

    assert caller.rows(
        "select from public.memberships where person_id = %s and until is null", person
    ) == []  # fmt: skip
    assert caller.rows(
        "select from private.devices where user_id = %s", world.users["key_worker"]
    ) == []  # fmt: skip
    assert unowned(caller) == {"own", "waiting", "young_person"}
    device_hints = [people for kind, _, people in caller.hints() if kind == "device"]
    assert device_hints == [[person]]


def test_removal_here_leaves_the_other_place(caller: Caller, world: World) -> None:
    person = world.people["trainer"]
    add_membership(caller.connection, world.other_organisation, person, "trainer")
    caller.call("coordinator", "remove_access", world.organisation, person, "left")

    home = caller.call("trainer", "my_home", world.devices["trainer"])
    assert home["active"]["organisation"]["id"] == str(world.other_organisation)


def test_nobody_removes_themselves_or_whom_they_could_not_let_in(
    caller: Caller, world: World
) -> None:
    both = world.people["second"]
    add_membership(caller.connection, world.organisation, both, "mentor")
    answers = {
        name: caller.answer("coordinator", "remove_access", world.organisation, person, "left")
        for name, person in {
            "self": world.people["coordinator"],
            "administrator": both,
            "young": world.people["young_person"],
            "elsewhere": world.people["other_key_worker"],
            "nobody": UUID(int=7),
        }.items()
    }
    assert answers == {
        "self": "403 not_yourself",
        "administrator": "403 not_allowed",
        "young": "404 not_found",
        "elsewhere": "404 not_found",
        "nobody": "404 not_found",
    }
    assert caller.audit() == []


def test_a_new_name_stands_in_its_place_in_every_list(caller: Caller, world: World) -> None:
    caller.call("young_person", "update_me", "Ärmel", "en", "Europe/Berlin", 1)
    caller.call("trainer", "update_me", "Zoë", "en", "Europe/Berlin", 1)

    (young,) = pages(caller, "young_people_of")
    (found,) = pages(caller, "young_people_of", "ÄRM")
    (staff,) = pages(caller, "staff_of")
    assert [each["name"] for each in young] == ["own", "waiting", "Ärmel"]
    assert [each["name"] for each in found] == ["Ärmel"]
    assert staff[-1]["name"] == "Zoë"
