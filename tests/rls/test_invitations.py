"""Staff who come in by mail: a code that only a coordinator's call makes, used up once."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World, add_membership, add_user

MAIL = "ines@post.example"


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def invite(caller: Caller, email: str = MAIL, role: str = "mentor") -> dict[str, Any]:
    made: dict[str, Any] = caller.call(
        "coordinator", "invite_staff", caller.world.organisation, "Ines", role, "de", email
    )
    return made


def open_invitations(caller: Caller) -> set[str]:
    return {row[0] for row in caller.rows("select email from private.invitations")}


def test_an_invitation_is_a_person_with_a_place_a_code_and_an_address(
    caller: Caller, world: World
) -> None:
    made = invite(caller, " Ines@Post.example\n")

    person = UUID(made["person_id"])
    assert (made["email"], made["stray"]) == (MAIL, None)
    assert caller.call("stranger", "invitation_page", made["code"]) == {
        "organisation": "Harbour House",
        "town": "Seeburg",
        "role": "mentor",
        "name": "Ines",
        "language": "de",
        "email": MAIL,
        "inviter": "coordinator",
    }
    assert [row[:2] for row in caller.audit()] == [
        ("person_added", person),
        ("person_invited", person),
    ]
    assert caller.call("stranger", "join_page", made["code"]) is None
    assert caller.call("stranger", "invitation_page", world.code) is None
    assert caller.call("stranger", "invitation_page", "AAAA-AAAA-AAAA") is None


@pytest.mark.parametrize(
    "email",
    [
        None, "", "nobody", "a@b", "a b@c.example", "a@-b.example", "a@b.example,c@d.example",
        "a@b..example", "ä@b.example", "a@b.example\u202e", "x" * 250 + "@b.example",
        "<a@b.example>", "a@b.example\nBcc: c@d.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_nobody_is_added(
    caller: Caller, world: World, email: str | None
) -> None:
    here = world.organisation
    answer = caller.answer("coordinator", "invite_staff", here, "Ines", "mentor", "de", email)
    assert answer == "422 email_not_valid"
    assert caller.audit() == []


def test_nobody_is_invited_twice_to_one_place_and_young_people_never_by_mail(
    caller: Caller, world: World
) -> None:
    invite(caller)
    here = world.organisation
    for email, role, answer in (
        (MAIL, "trainer", "409 already_invited"),
        ("lo@post.example", "young_person", "422 role_not_valid"),
        ("lo@post.example", "owner", "422 role_not_valid"),
    ):
        assert (
            caller.answer("coordinator", "invite_staff", here, "Ines", role, "de", email) == answer
        )


def test_a_new_invitation_replaces_the_code_and_may_mend_the_address(
    caller: Caller, world: World
) -> None:
    first = invite(caller, "inse@post.example")
    person = UUID(first["person_id"])
    again = caller.call("coordinator", "invite_again", person, None)
    assert again["email"] == "inse@post.example"
    mended = caller.call("coordinator", "invite_again", person, MAIL)

    for old in (first, again):
        assert caller.call("stranger", "invitation_page", old["code"]) is None
    assert caller.call("stranger", "invitation_page", mended["code"])["email"] == MAIL
    assert open_invitations(caller) == {MAIL, "kim@post.example"}


def test_only_an_administrator_chooses_where_an_administrators_mail_goes(
    caller: Caller, world: World
) -> None:
    made = caller.call(
        "administrator", "invite_staff", world.organisation, "Al", "administrator", "en", MAIL
    )
    person = UUID(made["person_id"])
    assert caller.answer("coordinator", "invite_again", person, "mine@post.example") == (
        "403 not_allowed"
    )
    assert caller.answer("administrator", "invite_again", person, None) == "ok"


def test_with_the_code_a_new_sign_in_becomes_the_person_and_the_address_is_forgotten(
    caller: Caller, world: World
) -> None:
    made = invite(caller)
    world.users["newcomer"] = add_user(caller.connection, "newcomer")
    assert caller.call("newcomer", "claim_person", made["code"]) == UUID(made["person_id"])

    assert open_invitations(caller) == {"kim@post.example"}
    assert caller.call("newcomer", "invitation_page", made["code"]) is None
    assert caller.answer("coordinator", "invite_again", UUID(made["person_id"]), MAIL) == (
        "409 already_joined"
    )


def test_who_is_not_expected_any_more_is_forgotten(caller: Caller, world: World) -> None:
    made = invite(caller)
    caller.call("coordinator", "remove_access", world.organisation, made["person_id"], "declined")

    assert open_invitations(caller) == {"kim@post.example"}
    assert caller.call("stranger", "invitation_page", made["code"]) is None


def test_a_sign_in_that_belongs_to_nobody_is_named_and_no_other(
    caller: Caller, world: World
) -> None:
    def sign_in(email: str, **metadata: object) -> UUID:
        user = add_user(caller.connection, "x", **metadata)
        caller.connection.execute(
            "update auth.users set email = %s, invited_at = now() where id = %s", (email, user)
        )
        return user

    stray = sign_in("stray@post.example")
    sign_in("founder@post.example", founds={})
    sign_in("machine@post.example", machine="jobs")
    caller.connection.execute(
        "insert into private.sign_ins (user_id, person_id) values (%s, %s)",
        (sign_in("member@post.example"), world.people["trainer"]),
    )
    named = {
        name: invite(caller, f"{name}@post.example")["stray"]
        for name in ("stray", "founder", "machine", "member")
    }
    assert named == {"stray": str(stray), "founder": None, "machine": None, "member": None}


def test_who_can_sign_in_already_gets_the_place_and_no_second_person(
    caller: Caller, world: World
) -> None:
    made = invite(caller, role="key_worker")
    placeholder, me = UUID(made["person_id"]), world.people["other_key_worker"]
    caller.connection.execute(
        "update public.memberships set cleared_until = current_date + 9 where person_id = %s",
        (placeholder,),
    )
    caller.call(
        "coordinator", "add_to_team",
        world.organisation, world.people["young_person"], placeholder, "stand_in", None,
    )  # fmt: skip
    membership = caller.call("other_key_worker", "accept_invitation", made["code"])

    assert caller.rows(
        "select person_id, role from public.memberships where id = %s", membership
    ) == [(me, "key_worker")]
    assert caller.rows("select from public.people where id = %s", placeholder) == []
    mine = caller.call("other_key_worker", "my_young_people")
    assert "young_person" in {each["name"] for each in mine}
    assert open_invitations(caller) == {"kim@post.example"}
    again = caller.answer("other_key_worker", "accept_invitation", made["code"])
    assert again == "ok", "the form was sent again after a lost answer"
    assert caller.answer("former_member", "accept_invitation", made["code"]) == (
        "422 code_not_valid"
    )


def test_nobody_gives_themselves_a_role_by_inviting_themselves(
    caller: Caller, world: World
) -> None:
    there = add_membership(
        caller.connection, world.other_organisation, world.people["coordinator"], "coordinator"
    )
    made = invite(caller)
    caller.connection.execute(
        "update public.memberships set until = now() where person_id = %s and id <> %s",
        (world.people["coordinator"], there),
    )
    assert caller.answer("coordinator", "accept_invitation", made["code"]) == "403 not_yourself"


@pytest.mark.parametrize("code", [None, "", "K7QM-2F9D-XT4B", "AAAA-AAAA-AAAA", "x" * 4000])
def test_one_answer_for_every_code_that_is_no_invitation(caller: Caller, code: str | None) -> None:
    with pytest.raises(Refused, match="422 code_not_valid"):
        caller.call("other_key_worker", "accept_invitation", code)


def test_an_invitation_has_its_time(caller: Caller, world: World) -> None:
    caller.connection.execute("update private.codes set expires_at = now() - interval '1 s'")
    assert caller.call("stranger", "invitation_page", world.invitation) is None
    with pytest.raises(Refused, match="422 code_not_valid"):
        caller.call("other_key_worker", "accept_invitation", world.invitation)
