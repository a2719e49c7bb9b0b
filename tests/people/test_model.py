"""What people and roles are, without a database."""

from dataclasses import replace
from uuid import UUID

import pytest

from app.people.model import Home, Membership, Part, Person, Role, language_clashes
from app.people.role_words import part_name, role_name

AMINA = Person(UUID(int=1), "Amina", "en", "Europe/Vienna", 3)


@pytest.mark.parametrize(
    ("stored", "wanted", "clashes"),
    [
        ("en", "de", False),
        ("ar", "de", True),
        ("de", "de", False),
        ("ar", "en", True),
    ],
    ids=["nobody else chose", "somebody chose another", "both chose the same", "chosen back"],
)
def test_a_language_clashes_when_somebody_else_chose_another_one(
    stored: str, wanted: str, clashes: bool
) -> None:
    assert language_clashes(AMINA, replace(AMINA, language=stored, version=4), wanted) is clashes


def test_a_new_name_is_no_clash_of_languages() -> None:
    assert not language_clashes(AMINA, replace(AMINA, name="Mina", version=4), "de")


def test_every_role_has_a_name_of_its_own() -> None:
    names = {role_name(str, role) for role in Role}

    assert len(names) == len(Role)
    assert not any("_" in name for name in names)


def test_every_part_in_a_team_has_a_name_of_its_own() -> None:
    names = {part_name(str, part) for part in Part}

    assert len(names) == len(Part)
    assert not any("_" in name for name in names)


@pytest.mark.parametrize(("places", "may"), [(0, False), (1, False), (2, True)])
def test_only_somebody_with_several_places_of_work_may_switch(places: int, may: bool) -> None:
    memberships = tuple(
        Membership(UUID(int=number), Role.MENTOR, "Harbour House") for number in range(places)
    )

    assert Home(AMINA, None, memberships).may_switch is may
