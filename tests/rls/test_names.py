"""What may stand as a name, a language or a time zone."""

from typing import Any

import psycopg
import pytest

from tests.rls.caller import Caller, Refused
from tests.rls.world import World

BAD_NAMES = {
    "": "empty",
    "   ": "empty",
    "\u200d\ufe0f": "empty",
    "x" * 81: "too_long",
    "x" * 5000: "too_long",
    "a\u202eb": "hidden_characters",
    "a\u2067b": "hidden_characters",
    "a\u200bb": "hidden_characters",
    "a\nb": "hidden_characters",
    "a\x7fb": "hidden_characters",
}


@pytest.fixture
def caller(admin: psycopg.Connection[Any], world: World) -> Caller:
    return Caller(admin, world)


@pytest.mark.parametrize(("name", "problem"), BAD_NAMES.items())
def test_a_name_that_could_deceive_is_refused(caller: Caller, name: str, problem: str) -> None:
    with pytest.raises(Refused) as refusal:
        caller.call("mentor", "update_me", name, "en", "Europe/Berlin", 1)
    assert str(refusal.value) == "422 name_not_valid"
    assert refusal.value.fields == {"field": "name", "problem": problem, "longest": 80}


@pytest.mark.parametrize(
    "name", ["Zoë", "سارة", "علی‌رضا", "ክብረት", "🦊", "👩🏽‍🦱", "O'Neill-Łuczak"]
)
def test_names_of_the_world_are_kept(caller: Caller, world: World, name: str) -> None:
    caller.call("mentor", "update_me", name, "en", "Europe/Berlin", 1)

    assert caller.call("mentor", "my_home", world.devices["mentor"])["person"]["name"] == name


def test_a_name_is_stored_in_normal_form(caller: Caller, world: World) -> None:
    caller.call("mentor", "update_me", "Zoe\u0308", "en", "Europe/Berlin", 1)

    assert caller.call("mentor", "my_home", world.devices["mentor"])["person"]["name"] == "Zo\u00eb"


@pytest.mark.parametrize(
    ("language", "zone", "code"),
    [
        ("english", "Europe/Berlin", "language_not_valid"),
        ("en'; --", "Europe/Berlin", "language_not_valid"),
        (None, "Europe/Berlin", "language_not_valid"),
        ("en", "Europe/Atlantis", "time_zone_not_valid"),
        ("en", "europe/vienna", "time_zone_not_valid"),
        ("en", "CET-1CEST", "time_zone_not_valid"),
        ("en", None, "missing"),
    ],
)
def test_a_language_or_time_zone_nobody_has_is_refused(
    caller: Caller, language: str | None, zone: str | None, code: str
) -> None:
    with pytest.raises(Refused, match=f"422 {code}"):
        caller.call("mentor", "update_me", "mentor", language, zone, 1)


@pytest.mark.parametrize("name", [" padded", "Zoe\u0308", "a\u202eb", "", "x" * 81, "\u200d"])
def test_the_table_refuses_what_a_function_forgot_to_check(
    admin: psycopg.Connection[Any], name: str
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        admin.execute(
            "insert into public.people (name, language, time_zone)"
            " values (%s, 'en', 'Europe/Berlin')",
            (name,),
        )


def test_every_place_of_the_time_zone_list_may_be_chosen(admin: psycopg.Connection[Any]) -> None:
    refused = admin.execute(
        "select z.name from pg_timezone_names as z where z.name ~ '^[A-Z][a-z]+/'"
        " and z.name !~ '^(Etc|posix|System)/|[0-9]'"
        " and z.name !~ '^(UTC|[A-Z][A-Za-z]{1,15}(/[A-Z][A-Za-z_-]{1,30}){1,2})$'"
    ).fetchall()

    assert refused == []
