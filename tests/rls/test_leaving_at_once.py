"""Two memberships that end at the same moment: what the one sees of the other."""

import psycopg
import pytest

from tests.fixtures.postgres import Dsn, Server
from tests.rls.caller import Caller, Refused
from tests.rls.world import World, build_world


@pytest.fixture
def own_place(server: Server) -> tuple[Dsn, World]:
    """A world of its own, in which a test may commit."""
    dsn = server.new_database(migrated=True)
    with psycopg.connect(dsn("supabase_admin")) as setup:
        return dsn, build_world(setup)


def test_an_administrator_who_asked_first_but_came_second_is_refused(
    own_place: tuple[Dsn, World],
) -> None:
    dsn, world = own_place
    first, second = world.memberships["administrator"], world.memberships["second"]
    with (
        psycopg.connect(dsn("supabase_admin")) as early,
        psycopg.connect(dsn("supabase_admin")) as late,
    ):
        early.execute("select now()")  # its transaction, and so its clock, begins here
        Caller(late, world).call("administrator", "end_membership", second, "finished")
        late.commit()
        with pytest.raises(Refused, match=r"403 not_allowed|409 last_administrator"):
            Caller(early, world).call("second", "end_membership", first, "finished")


def test_a_person_who_leaves_two_places_at_once_keeps_no_device_behind_the_wait(
    own_place: tuple[Dsn, World],
) -> None:
    dsn, world = own_place
    with (
        psycopg.connect(dsn("supabase_admin")) as one,
        psycopg.connect(dsn("supabase_admin")) as two,
    ):
        Caller(one, world).call(
            "coordinator", "end_membership", world.memberships["own"], "finished"
        )
        two.execute("set local statement_timeout = '300ms'")
        with pytest.raises(Refused, match="57014"):  # waits, since both could see the other's
            Caller(two, world).call(
                "other_coordinator", "end_membership", world.memberships["elsewhere"], "finished"
            )


def test_a_person_whose_last_two_memberships_end_at_once_loses_the_devices(
    own_place: tuple[Dsn, World],
) -> None:
    dsn, world = own_place
    with (
        psycopg.connect(dsn("supabase_admin")) as early,
        psycopg.connect(dsn("supabase_admin")) as late,
    ):
        early.execute("select now()")
        Caller(late, world).call(
            "coordinator", "end_membership", world.memberships["own"], "finished"
        )
        late.commit()
        Caller(early, world).call(
            "other_coordinator", "end_membership", world.memberships["elsewhere"], "finished"
        )
        early.commit()
        assert Caller(late, world).call("anonymous", "open_device", world.devices["own"]) is None
