"""Messages that are often written: whose they are, and in which language they come."""

from dataclasses import replace
from uuid import uuid4

import pytest

from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.seal import Seal
from app.messages.model import ThreadKind
from app.messages.templates import LONGEST_TEMPLATE, Template, Templates
from tests.fixtures.supabase import Supabase
from tests.messages.conftest import House

SHUT = Template(shared=True, title="We are shut", texts={"en": "Shut today.", "de": "Heute zu."})
MINE = Template(shared=False, title="a reminder", texts={"en": "See you tomorrow."})


@pytest.fixture
def shut() -> Template:
    return replace(SHUT, id=uuid4())


@pytest.fixture
def mine() -> Template:
    return replace(MINE, id=uuid4())


async def test_key_workers_have_their_own_and_those_of_the_organisation(
    house: House, seal: Seal, shut: Template, mine: Template
) -> None:
    amina, sam = Templates(house.amina.db, seal), Templates(house.sam.db, seal)
    for each in (shut, mine):
        await amina.keep(house.organisation, each)

    assert [each.title for each in await amina.mine(house.organisation)] == [
        "a reminder",
        "We are shut",
    ]
    (theirs,) = await sam.mine(house.organisation)
    assert theirs == replace(shut, version=1)
    thread = (await house.sam.messages.open(house.kim.id)).thread_id
    offer = await sam.offer(thread)
    assert (offer.language, offer.templates) == ("en", (theirs,))


async def test_others_neither_read_nor_change_them(
    house: House, seal: Seal, shut: Template, mine: Template
) -> None:
    amina, sam, kofi = (Templates(each.db, seal) for each in (house.amina, house.sam, house.kofi))
    await amina.keep(house.organisation, shut)
    await amina.keep(house.organisation, mine)

    for foreign in (shut, mine):
        with pytest.raises(NotAllowed):
            await sam.keep(house.organisation, replace(foreign, version=1))
        with pytest.raises(NotAllowed):
            await sam.remove(foreign)
    with pytest.raises(NotAllowed):
        await kofi.mine(house.organisation)
    theirs = await house.kofi.messages.open(house.kim.id, ThreadKind.MENTOR)
    with pytest.raises(NotAllowed):
        await kofi.offer(theirs.thread_id)


async def test_a_later_version_goes_over_the_one_that_was_seen(
    house: House, seal: Seal, shut: Template, mine: Template
) -> None:
    templates = Templates(house.amina.db, seal)
    await templates.keep(house.organisation, mine)
    await templates.keep(house.organisation, replace(mine, title="Later", version=1))
    with pytest.raises(Conflict):
        await templates.keep(house.organisation, replace(mine, title="Too late", version=1))
    (kept,) = await templates.mine(house.organisation)
    assert (kept.title, kept.version) == ("Later", 2)

    await templates.remove(kept)
    assert await templates.mine(house.organisation) == ()


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (replace(MINE, title=" \u202e "), "empty"),
        (replace(MINE, texts={"en": " "}), "empty"),
        (replace(MINE, title="a" * 81), "too_long"),
        (replace(MINE, texts={"en": "a" * (LONGEST_TEMPLATE + 1)}), "too_long"),
    ],
)
async def test_what_says_nothing_or_too_much_is_not_taken(
    house: House, seal: Seal, wrong: Template, problem: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await Templates(house.amina.db, seal).keep(house.organisation, wrong)
    assert refused.value.fields["problem"] == problem


async def test_one_that_was_changed_in_the_database_hides_no_other(
    house: House, seal: Seal, supabase: Supabase, shut: Template, mine: Template
) -> None:
    templates = Templates(house.amina.db, seal)
    for each in (shut, mine):
        await templates.keep(house.organisation, each)
    supabase.execute(
        "update private.templates set sealed = (select s.sealed from private.templates as s"
        " where s.id = %s) where id = %s",
        shut.id,
        mine.id,
    )

    broken, whole = await templates.mine(house.organisation)
    assert (broken.id, broken.title, broken.texts) == (mine.id, "", {})
    assert whole.title == "We are shut"


def test_the_text_is_in_the_readers_language_or_in_one_that_there_is() -> None:
    assert SHUT.text_in("de", "en") == ("Heute zu.", "de")
    assert SHUT.text_in("ti", "de") == ("Heute zu.", "de")
    assert MINE.text_in("ti", "de") == ("See you tomorrow.", "en")
    assert Template(shared=True).text_in("ti", "de") == ("", "ti")
