"""What the functions do, and what they refuse, for people and their organisations."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World, add_membership, add_person, add_user

FOUNDS = {
    "name": "Harbour House",
    "town": "Seeburg",
    "country": "DE",
    "person_name": "Alex",
    "language": "de",
    "time_zone": "Europe/Berlin",
}


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def test_my_home_shows_the_person_and_the_membership_they_work_in(
    caller: Caller, world: World
) -> None:
    home = caller.call("trainer", "my_home", world.devices["trainer"])

    assert home["person"] == {
        "id": str(world.people["trainer"]),
        "name": "trainer",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "version": 1,
    }
    assert home["active"] == {
        "membership_id": str(world.memberships["trainer"]),
        "role": "trainer",
        "organisation": {
            "id": str(world.organisation),
            "name": "Harbour House",
            "town": "Seeburg",
            "country": "DE",
            "time_zone": "Europe/Berlin",
            "key_worker_title": None,
            "version": 1,
        },
    }
    assert [each["role"] for each in home["memberships"]] == ["trainer"]


def test_my_home_is_shut_with_the_device_of_somebody_else(caller: Caller, world: World) -> None:
    with pytest.raises(Refused, match="401 signed_out"):
        caller.call("trainer", "my_home", world.devices["mentor"])


def test_update_me_changes_counts_audits_and_hints(caller: Caller, world: World) -> None:
    version = caller.call("young_person", "update_me", "  Noor ", "ar", "Europe/Vienna", 1)

    person = world.people["young_person"]
    assert version == 2
    assert caller.rows(
        "select name, language, version from public.people where id = %s", person
    ) == [("Noor", "ar", 2)]
    assert caller.audit() == [("person_updated", person, ["language", "name", "time_zone"])]
    ((kind, ref, people),) = caller.hints()
    assert (kind, ref) == ("person", person)
    assert set(people) == {
        person,
        *(world.people[each] for each in ("coordinator", "administrator", "second")),
        *(world.people[each] for each in ("key_worker", "mentor", "professional", "stand_in")),
    }


def test_update_me_without_a_change_leaves_no_trace(caller: Caller) -> None:
    assert caller.call("mentor", "update_me", "mentor", "en", "Europe/Berlin", 1) == 1
    assert caller.audit() == []
    assert caller.hints() == []


def test_update_me_over_a_newer_version_is_refused(caller: Caller) -> None:
    caller.call("mentor", "update_me", "First", "en", "Europe/Berlin", 1)

    with pytest.raises(Refused) as refusal:
        caller.call("mentor", "update_me", "Second", "en", "Europe/Berlin", 1)
    assert (str(refusal.value), refusal.value.fields) == ("409 changed_meanwhile", {"version": 2})


def test_renaming_an_organisation_reaches_all_its_members_and_nobody_else(
    caller: Caller, world: World
) -> None:
    caller.call("coordinator", "rename_organisation", world.organisation, "Anchor", 1)

    ((kind, ref, people),) = caller.hints()
    assert (kind, ref) == ("organisation", world.organisation)
    assert world.people["young_person"] in people
    assert not {world.people["ended"], world.people["other_young_person"]} & set(people)
    assert caller.audit() == [("organisation_renamed", world.organisation, ["name"])]


def test_founding_makes_organisation_person_and_both_memberships_once(
    caller: Caller, world: World
) -> None:
    world.users["founder"] = add_user(caller.connection, "founder", founds=FOUNDS)
    founded = caller.call("founder", "found_organisation")

    assert caller.rows(
        "select m.role, p.name, o.name, s.user_id from public.memberships as m"
        " join public.people as p on p.id = m.person_id"
        " join private.sign_ins as s on s.person_id = p.id"
        " join public.organisations as o on o.id = m.organisation_id"
        " where m.person_id = %s and m.organisation_id = %s order by m.role",
        UUID(founded["person_id"]),
        UUID(founded["organisation_id"]),
    ) == [
        (role, "Alex", "Harbour House", world.users["founder"])
        for role in ("administrator", "coordinator")
    ]
    assert caller.audit() == [("organisation_founded", UUID(founded["organisation_id"]), [])]
    with pytest.raises(Refused, match="409 already_founded"):
        caller.call("founder", "found_organisation")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"country": "XX"}, "422 country_not_valid"),
        ({"country": None}, "422 country_not_valid"),
        ({"name": "x" * 81}, "422 name_not_valid"),
        ({"person_name": None}, "422 name_not_valid"),
        ({"time_zone": "Mars/Base"}, "422 time_zone_not_valid"),
        ({"language": 7}, "422 language_not_valid"),
    ],
)
def test_founding_with_a_bad_wish_founds_nothing(
    caller: Caller, world: World, change: dict[str, object], code: str
) -> None:
    world.users["founder"] = add_user(caller.connection, "founder", founds=FOUNDS | change)
    before = caller.rows("select count(*) from public.organisations")

    with pytest.raises(Refused, match=code):
        caller.call("founder", "found_organisation")
    assert caller.rows("select count(*) from public.organisations") == before


def test_nobody_founds_by_what_they_wrote_about_themselves(caller: Caller, world: World) -> None:
    user = world.users["founder"] = add_user(caller.connection, "founder")
    caller.connection.execute(
        'update auth.users set raw_user_meta_data = \'{"founds": {"name": "Mine"}}\' where id = %s',
        (user,),
    )

    with pytest.raises(Refused, match="403 not_allowed"):
        caller.call("founder", "found_organisation")


def test_a_machine_account_is_enlisted_once_and_never_becomes_a_person(
    caller: Caller, world: World
) -> None:
    world.users["robot"] = add_user(caller.connection, "robot", machine="jobs", founds=FOUNDS)

    assert caller.call("robot", "enlist_machine") == "jobs"
    assert caller.call("robot", "enlist_machine") == "jobs"
    assert caller.audit() == [("machine_enlisted", world.users["robot"], [])]
    for name, arguments in (("claim_person", (world.code,)), ("found_organisation", ())):
        with pytest.raises(Refused, match="403 not_allowed"):
            caller.call("robot", name, *arguments)


def test_a_person_is_never_enlisted_as_a_machine(caller: Caller, world: World) -> None:
    user = world.users["robot"] = add_user(caller.connection, "robot", machine="jobs")
    add_person(caller.connection, "Robin", user)

    with pytest.raises(Refused, match="403 not_allowed"):
        caller.call("robot", "enlist_machine")


def test_a_sign_in_that_was_deleted_leaves_the_person_without_one(
    caller: Caller, world: World
) -> None:
    caller.connection.execute("delete from auth.users where id = %s", (world.users["mentor"],))

    assert caller.rows(
        "select p.name, s.user_id from public.people as p"
        " left join private.sign_ins as s on s.person_id = p.id where p.id = %s",
        world.people["mentor"],
    ) == [("mentor", None)]
    assert caller.call("anonymous", "open_device", world.devices["mentor"]) is None
    with pytest.raises(Refused, match="403 not_allowed"):
        caller.call("mentor", "update_me", "mentor", "en", "Europe/Berlin", 1)


def test_no_role_twice_at_the_same_time(caller: Caller, world: World) -> None:
    with pytest.raises(psycopg.errors.ExclusionViolation):
        add_membership(caller.connection, world.organisation, world.people["mentor"], "mentor")


@pytest.mark.parametrize(
    "change",
    [
        "update private.audit set action = 'other_thing'",
        "delete from private.audit",
        "truncate private.audit",
    ],
)
@pytest.mark.parametrize("role", ["postgres", "supabase_admin"])
def test_nobody_rewrites_the_audit_not_even_its_owner(
    caller: Caller, role: str, change: str
) -> None:
    caller.connection.execute(f"set local role {role}".encode())

    with pytest.raises(psycopg.Error, match="append_only"):
        caller.connection.execute(change.encode())


def test_nothing_at_all_is_refused_in_words_of_ours(caller: Caller, world: World) -> None:
    functions = caller.rows(
        "select p.proname, p.pronargs from pg_proc as p"
        " where p.pronamespace = 'public'::regnamespace and p.pronargs > 0"
    )
    answers = {
        name: caller.answer("coordinator", name, *[None] * count) for name, count in functions
    }

    assert {
        name: word
        for name, word in answers.items()
        if word[:3] not in {"401", "403", "422"} and word != "404 not_found"
    } == {
        "open_device": "ok",
        "close_device": "ok",
        "lock_device": "ok",
        "look_binding": "ok",
        "try_binding": "ok",
        "drop_binding": "ok",
        "touch_device": "ok",
        "join_page": "ok",
        "back_page": "ok",
        "invitation_page": "ok",
        "set_my_photo": "ok",
    } | dict.fromkeys(["claim_person", "claim_return"], "409 has_a_person")


def test_an_unknown_organisation_is_answered_like_another_ones(
    caller: Caller, world: World
) -> None:
    answers = {
        caller.answer("coordinator", "rename_organisation", organisation, "Name", 1)
        for organisation in (world.other_organisation, uuid4())
    }

    assert answers == {"403 not_allowed"}
