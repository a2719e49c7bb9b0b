"""A message and its translation, from the words to the sealed row and back."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio

from app.core.errors import Conflict, Invalid, NotAllowed
from app.core.seal import Seal
from app.core.translators import LibreTranslate
from app.messages.model import Message
from app.messages.translating import Translations
from tests.fixtures.supabase import Supabase
from tests.fixtures.translator import KEY, Place, place, translated
from tests.messages.conftest import House

__all__ = ["place"]


@pytest_asyncio.fixture
async def translator(place: Place) -> AsyncIterator[LibreTranslate]:
    made = LibreTranslate(place.url, KEY, None)
    yield made
    await made.close()


@pytest.fixture
def verbs(house: House, seal: Seal, translator: LibreTranslate) -> Translations:
    return Translations(house.amina.db, seal, translator, "en")


async def _said(house: House, text: str) -> Message:
    thread = (await house.kim.messages.open(house.kim.id)).thread_id
    return await house.kim.messages.send(thread, uuid4(), text)


async def _seen(house: House) -> Message:
    return (await house.amina.messages.open(house.kim.id)).messages[-1]


def _agree(supabase: Supabase, house: House, place: str) -> None:
    supabase.execute(
        "insert into private.translating (organisation_id, place) values (%s, %s)",
        str(house.organisation),
        place,
    )


async def test_nothing_leaves_before_the_organisation_agreed(
    house: House, verbs: Translations, place: Place, supabase: Supabase
) -> None:
    sent = await _said(house, "Як справи?")
    _agree(supabase, house, "elsewhere.example")
    with pytest.raises(NotAllowed, match="not_translating"):
        await verbs.translate(sent)
    assert place.asked == []


async def test_a_translation_stands_beside_the_words_until_they_change(
    house: House, verbs: Translations, place: Place, translator: LibreTranslate, supabase: Supabase
) -> None:
    _agree(supabase, house, translator.place)
    text = "Як справи?"
    sent = await _said(house, text)
    await verbs.translate(sent)

    seen = await _seen(house)
    assert (seen.text, seen.translation) == (text, translated(text, "en"))
    # Who asked, who wrote and where: nothing of it leaves.
    ((_, _, body),) = place.asked
    assert set(body) == {"q", "source", "target", "format", "api_key"}

    await verbs.say_wrong(seen)
    seen = await _seen(house)
    assert (seen.translation, seen.wrongly_translated) == ("", True)
    await verbs.translate(seen)
    assert (await _seen(house)).translation == translated(text, "en")

    await house.kim.messages.edit(sent, "Що нового?")
    assert (await _seen(house)).translation == ""
    with pytest.raises(Conflict, match="changed_meanwhile"):
        await verbs.translate(sent)


async def test_what_the_machine_cannot_do_changes_nothing(
    house: House, seal: Seal, translator: LibreTranslate, supabase: Supabase
) -> None:
    _agree(supabase, house, translator.place)
    sent = await _said(house, "Як справи?")
    with pytest.raises(Invalid, match="language_not_offered"):
        await Translations(house.amina.db, seal, translator, "ti").translate(sent)
    seen = await _seen(house)
    assert (seen.text, seen.translation) == ("Як справи?", "")
