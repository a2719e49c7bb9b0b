"""Coming in by a code and leaving: single use, short life, and out at once."""

import re
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.fixtures.postgres import Server
from tests.rls.caller import Caller, Refused
from tests.rls.world import World, add_membership, add_user, build_world


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    world.users["newcomer"] = add_user(admin, "newcomer")
    return Caller(admin, world)


def test_a_person_joins_with_the_code_they_were_given(caller: Caller, world: World) -> None:
    added = caller.call("key_worker", "add_person", world.organisation, "Kim", "young_person", "uk")

    claimed = caller.call("newcomer", "claim_person", added["code"])

    assert str(claimed) == added["person_id"]
    assert caller.rows(
        "select p.name, p.language, p.time_zone, s.user_id from public.people as p"
        " join private.sign_ins as s on s.person_id = p.id where p.id = %s",
        claimed,
    ) == [("Kim", "uk", "Europe/Berlin", world.users["newcomer"])]
    assert [action for action, *_ in caller.audit()] == [
        "person_added",
        "team_joined",
        "person_claimed",
    ]
    (_, ref, people) = caller.hints()[-1]
    assert (ref, world.people["coordinator"] in people, claimed in people) == (claimed, True, True)


def test_a_code_has_sixty_bits_and_is_kept_only_as_a_hash(caller: Caller, world: World) -> None:
    codes = [
        caller.call("coordinator", "add_person", world.organisation, "K", "mentor", "en")["code"]
        for _ in range(40)
    ]

    assert len(set(codes)) == 40
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", c) for c in codes)
    # 480 letters of 32: each is missing with a chance of 1 in 4 million.
    assert len(set("".join(codes)) - {"-"}) == 32
    stored = caller.rows("select codes::text from private.codes as codes")
    assert not any(
        code.replace("-", "") in row[0] or code in row[0] for code in codes for row in stored
    )


@pytest.mark.parametrize(
    "typed", ["k7qm-2f9d-xt4b", " K7QM 2F9D XT4B ", "K7QM2F9DXT4B", "k7qm–2f9d–xt4b"]
)
def test_a_code_may_be_typed_in_any_way(caller: Caller, world: World, typed: str) -> None:
    assert caller.call("newcomer", "claim_person", typed) == world.people["waiting"]


def test_letters_that_look_alike_are_one_in_a_code(caller: Caller) -> None:
    rows = caller.rows(
        "select private.code_digest('O1IL-oil0-0000') = private.code_digest('0111-0110-0000')"
    )

    assert rows == [(True,)]


def test_the_same_form_sent_twice_finishes_the_same_join(caller: Caller, world: World) -> None:
    first = caller.call("newcomer", "claim_person", world.code)

    assert caller.call("newcomer", "claim_person", world.code) == first
    assert [action for action, *_ in caller.audit()] == ["person_claimed"]


def test_wrong_used_expired_and_empty_codes_get_one_answer(caller: Caller, world: World) -> None:
    expired = caller.call("coordinator", "add_person", world.organisation, "E", "mentor", "en")
    caller.connection.execute(
        "update private.codes set expires_at = now() where person_id = %s", (expired["person_id"],)
    )
    gone = caller.call("coordinator", "add_person", world.organisation, "G", "mentor", "en")
    caller.call("coordinator", "end_membership", gone["membership_id"], "mistake")
    caller.call("newcomer", "claim_person", world.code)
    world.users["late"] = add_user(caller.connection, "late")

    answers = {
        caller.answer("late", "claim_person", code)
        for code in (
            world.code,
            expired["code"],
            gone["code"],
            "AAAA-AAAA-AAAA",
            "",
            None,
            "x" * 9999,
        )
    }

    assert answers == {"422 code_not_valid"}


def test_a_used_code_stays_used_when_the_sign_in_is_deleted(caller: Caller, world: World) -> None:
    caller.call("newcomer", "claim_person", world.code)
    caller.connection.execute("delete from auth.users where id = %s", (world.users["newcomer"],))
    world.users["finder"] = add_user(caller.connection, "finder")

    with pytest.raises(Refused, match="422 code_not_valid"):
        caller.call("finder", "claim_person", world.code)


def test_the_code_of_somebody_who_left_does_not_wake_up_when_they_come_back(
    caller: Caller, world: World
) -> None:
    added = caller.call("coordinator", "add_person", world.organisation, "Kim", "mentor", "en")
    caller.call("coordinator", "end_membership", added["membership_id"], "mistake")
    add_membership(caller.connection, world.organisation, UUID(added["person_id"]), "trainer")

    with pytest.raises(Refused, match="422 code_not_valid"):
        caller.call("newcomer", "claim_person", added["code"])


def test_two_sign_ins_with_one_code_at_the_same_moment_are_one_person(server: Server) -> None:
    dsn = server.new_database(migrated=True)("supabase_admin")
    with psycopg.connect(dsn) as setup:
        world = build_world(setup)
        world.users |= {name: add_user(setup, name) for name in ("quick", "slow")}
    with psycopg.connect(dsn) as one, psycopg.connect(dsn) as two:
        Caller(one, world).call("quick", "claim_person", world.code)
        two.execute("set local statement_timeout = '300ms'")
        with pytest.raises(Refused, match="57014"):  # waits for the first one
            Caller(two, world).call("slow", "claim_person", world.code)
        one.commit()
        two.rollback()
        with pytest.raises(Refused, match="422 code_not_valid"):
            Caller(two, world).call("slow", "claim_person", world.code)


def test_an_anonymous_sign_in_claims_nobody(caller: Caller, world: World) -> None:
    claims = world.claims("newcomer") | {"is_anonymous": True}

    with pytest.raises(Refused, match="403 not_allowed"):
        caller.call_with(claims, "claim_person", world.code)


@pytest.mark.parametrize(
    ("name", "role", "language", "refusal"),
    [
        ("Kim", "owner", "en", "422 role_not_valid"),
        ("Kim", None, "en", "422 role_not_valid"),
        (None, "mentor", "en", "422 name_not_valid"),
        ("a\u202eb", "mentor", "en", "422 name_not_valid"),
        ("Kim", "mentor", "english", "422 language_not_valid"),
    ],
)
def test_nobody_is_added_with_bad_input(
    caller: Caller, world: World, name: str, role: str, language: str, refusal: str
) -> None:
    before = caller.rows("select count(*) from public.people")

    with pytest.raises(Refused, match=refusal):
        caller.call("coordinator", "add_person", world.organisation, name, role, language)
    assert caller.rows("select count(*) from public.people") == before


def test_ending_the_last_membership_takes_devices_and_codes_at_once(
    caller: Caller, world: World
) -> None:
    person, device = world.people["mentor"], world.devices["mentor"]
    caller.call("coordinator", "end_membership", world.memberships["mentor"], "access_removed")

    assert caller.call("anonymous", "open_device", device) is None
    assert [(kind, people) for kind, _, people in caller.hints() if people == [person]] == [
        ("device", [person]),
        ("access", [person]),
    ]
    assert caller.rows("select reason, fields from private.audit order by id desc limit 1") == [
        ("access_removed", ["until"])
    ]
    assert caller.rows("select count(*) from public.memberships where person_id = %s", person) == [
        (1,)
    ]


def test_a_person_who_still_belongs_elsewhere_keeps_the_device(
    caller: Caller, world: World
) -> None:
    caller.call("coordinator", "end_membership", world.memberships["own"], "finished")
    opened = caller.call("anonymous", "open_device", world.devices["own"])

    assert opened["membership_id"] == str(world.memberships["elsewhere"])
    assert {kind for kind, *_ in caller.hints()} == {"access", "person"}


def test_the_last_administrator_stays(caller: Caller, world: World) -> None:
    caller.call("administrator", "end_membership", world.memberships["second"], "finished")

    with pytest.raises(Refused, match="409 last_administrator"):
        caller.call(
            "administrator", "end_membership", world.memberships["administrator"], "finished"
        )


def test_two_administrators_cannot_end_each_other_at_the_same_moment(server: Server) -> None:
    dsn = server.new_database(migrated=True)("supabase_admin")
    with psycopg.connect(dsn) as setup:
        world = build_world(setup)
    first, second = world.memberships["administrator"], world.memberships["second"]
    with psycopg.connect(dsn) as one, psycopg.connect(dsn) as two:
        Caller(one, world).call("administrator", "end_membership", second, "finished")
        two.execute("set local statement_timeout = '300ms'")
        with pytest.raises(Refused, match="57014"):  # waits for the first one
            Caller(two, world).call("second", "end_membership", first, "finished")
        one.commit()
        two.rollback()
        with pytest.raises(Refused, match="403 not_allowed"):
            Caller(two, world).call("second", "end_membership", first, "finished")


def test_another_role_is_told_audited_and_given_once(caller: Caller, world: World) -> None:
    person = world.people["mentor"]
    given = caller.call("coordinator", "add_role", world.organisation, person, "trainer")

    roles = caller.call("mentor", "my_home", world.devices["mentor"])["memberships"]
    assert [each["role"] for each in roles] == ["mentor", "trainer"]
    assert [row[:2] for row in caller.audit()] == [("role_added", given)]
    assert caller.hints()[0] == ("access", given, [person])
    with pytest.raises(Refused, match="409 already_there"):
        caller.call("coordinator", "add_role", world.organisation, person, "trainer")


def test_no_role_is_given_to_somebody_who_left(caller: Caller, world: World) -> None:
    with pytest.raises(Refused, match="404 not_found"):
        caller.call("coordinator", "add_role", world.organisation, world.people["ended"], "trainer")


@pytest.mark.parametrize("reason", [None, "", "Because she told me something", "x" * 41])
def test_a_reason_is_a_code_and_never_a_text(
    caller: Caller, world: World, reason: str | None
) -> None:
    with pytest.raises(Refused, match="422 reason_not_valid"):
        caller.call("coordinator", "end_membership", world.memberships["mentor"], reason)


def test_an_ended_or_unknown_membership_is_not_ended_again(caller: Caller, world: World) -> None:
    assert caller.answer(
        "coordinator", "end_membership", world.memberships["ended"], "finished"
    ) == ("409 already_ended")
    assert caller.answer("coordinator", "end_membership", uuid4(), "finished") == "403 not_allowed"


def test_somebody_who_left_may_come_back_and_the_history_stays(
    caller: Caller, world: World
) -> None:
    person: UUID = world.people["ended"]
    caller.connection.execute(
        "insert into public.memberships (organisation_id, person_id, role)"
        " values (%s, %s, 'mentor')",
        (world.organisation, person),
    )

    assert caller.rows(
        "select until is null from public.memberships where person_id = %s order by since", person
    ) == [(False,), (True,)]
