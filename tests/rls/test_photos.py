"""Who keeps pictures, who sees them, and what a card may name."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from tests.rls.caller import Caller, Refused
from tests.rls.probe import acting_as
from tests.rls.world import OLD_PHOTO, World


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


def _sees(caller: Caller, who: str, photo: str) -> bool:
    with acting_as(caller.connection, caller.world, who):
        return bool(caller.rows("select from storage.objects where name = %s", photo))


def _keeps(caller: Caller, who: str, photo: str) -> bool:
    try:
        with acting_as(caller.connection, caller.world, who):
            caller.rows(
                "insert into storage.objects (bucket_id, name) values ('photos', %s) returning id",
                photo,
            )
    except InsufficientPrivilege:
        return False
    return True


def _own(world: World, who: str, name: str = OLD_PHOTO) -> str:
    return f"{world.people[who]}/{name}"


def test_the_young_person_sees_the_new_picture_and_hears_of_it(
    caller: Caller, world: World
) -> None:
    before, now = world.photos["key_worker"], _own(world, "key_worker")

    assert caller.call("key_worker", "set_my_photo", now) == before

    assert caller.call("young_person", "my_team")[0]["photo"] == now
    assert _sees(caller, "young_person", now)
    assert not _sees(caller, "young_person", before)
    me = world.people["key_worker"]
    assert caller.audit() == [("photo_changed", me, ["photo"])]
    ((kind, ref, people),) = caller.hints()
    assert (kind, ref) == ("person", me)
    assert world.people["young_person"] in people
    assert world.people["other_young_person"] not in people


def test_a_picture_that_is_taken_away_is_on_no_card(caller: Caller, world: World) -> None:
    assert caller.call("key_worker", "set_my_photo", None) == world.photos["key_worker"]

    assert caller.call("young_person", "my_team")[0]["photo"] is None
    assert not _sees(caller, "young_person", world.photos["key_worker"])
    assert caller.call("key_worker", "set_my_photo", None) is None
    assert len(caller.hints()) == 1


def test_the_young_person_of_before_sees_it_no_more(caller: Caller, world: World) -> None:
    photo = world.photos["key_worker"]
    assert _sees(caller, "young_person", photo)
    caller.rows(
        "update public.team_members set until = now() where id = %s returning id",
        world.parts["key_worker"],
    )

    assert not _sees(caller, "young_person", photo)


def test_another_picture_does_not_make_what_is_typed_outdated(caller: Caller, world: World) -> None:
    caller.call("key_worker", "set_my_photo", _own(world, "key_worker"))

    assert caller.call("key_worker", "set_my_card", "she/her", "[]", None, None, None, 1) == 2


def test_the_first_card_may_begin_with_a_picture(caller: Caller, world: World) -> None:
    caller.rows(
        "delete from public.staff_cards where person_id = %s returning 1", world.people["trainer"]
    )

    assert caller.call("trainer", "set_my_photo", _own(world, "trainer")) is None
    assert caller.rows(
        "select photo from public.staff_cards where person_id = %s", world.people["trainer"]
    ) == [(_own(world, "trainer"),)]


@pytest.mark.parametrize("photo", ["", "/", "x.jpg", "{other}", "{own}/nothing.jpg", "{own}"])
def test_a_card_names_only_a_picture_of_its_person(
    caller: Caller, world: World, photo: str
) -> None:
    asked = photo.format(other=world.photos["trainer"], own=world.people["key_worker"])

    with pytest.raises(Refused, match="422 photo_not_valid"):
        caller.call("key_worker", "set_my_photo", asked)
    assert caller.audit() == []


@pytest.mark.parametrize(
    "name",
    ["{id}.png", "{id}", "a/{id}.jpg", "../{id}.jpg", "x.jpg", "{id}.jpg/{id}.jpg"],
)
def test_pictures_lie_in_ones_own_folder_under_a_plain_name(
    caller: Caller, world: World, name: str
) -> None:
    assert _keeps(caller, "trainer", _own(world, "trainer", f"{uuid4()}.jpg"))
    assert not _keeps(caller, "trainer", _own(world, "trainer", name.format(id=uuid4())))
    assert not _keeps(caller, "trainer", _own(world, "key_worker", f"{uuid4()}.jpg"))


def test_nobody_writes_over_a_picture(caller: Caller, world: World) -> None:
    with acting_as(caller.connection, world, "trainer"):
        assert (
            caller.rows(
                "update storage.objects set name = name where name = %s returning id",
                world.photos["trainer"],
            )
            == []
        )


def test_without_the_second_factor_that_is_asked_for_no_picture_is_seen_or_kept(
    caller: Caller, world: World
) -> None:
    caller.rows(
        "update public.organisations set second_factor_from = now() where id = %s returning id",
        world.organisation,
    )

    assert not _sees(caller, "trainer", world.photos["trainer"])
    assert not _sees(caller, "trainer", world.photos["key_worker"])
    assert not _keeps(caller, "trainer", _own(world, "trainer", f"{uuid4()}.jpg"))
    with pytest.raises(Refused, match="403 second_factor_needed"):
        caller.call("trainer", "set_my_photo", None)
    assert _sees(caller, "young_person", world.photos["key_worker"])
