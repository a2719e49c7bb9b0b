"""What a browser sealed opens here, for its place alone, also after another key has come."""

import pytest

from app.core.errors import Unexpected
from app.core.letterbox import Letterbox
from tests.core.letters import letter

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
TEXT = "الباص لم يأتِ 🚌"


def test_a_letter_opens_for_its_place_alone() -> None:
    box = Letterbox({"k1": OLD})
    sealed = letter(box.address, TEXT, "mark", "thread", "client")

    assert box.open(sealed, "mark", "thread", "client") == TEXT
    for place in (("other", "thread", "client"), ("mark", "thread"), ()):
        with pytest.raises(Unexpected, match="seal_broken"):
            box.open(sealed, *place)


def test_every_process_with_the_same_keys_has_the_same_address() -> None:
    assert Letterbox({"k1": OLD}).address == Letterbox({"k1": OLD, "k0": NEW}).address
    assert Letterbox({"k1": OLD}).address != Letterbox({"k1": NEW}).address


def test_what_waited_while_the_key_was_changed_still_opens() -> None:
    sealed = letter(Letterbox({"k1": OLD}).address, TEXT, "mark")

    assert Letterbox({"k2": NEW, "k1": OLD}).open(sealed, "mark") == TEXT
    with pytest.raises(Unexpected, match="seal_key_missing"):
        Letterbox({"k2": NEW}).open(sealed, "mark")


@pytest.mark.parametrize("change", ["", "k1", "k1.AAAA.AAAA", "k1..", "a.b.c.d", "k1.é.é"])
def test_what_is_no_letter_is_refused(change: str) -> None:
    with pytest.raises(Unexpected):
        Letterbox({"k1": OLD}).open(change, "mark")


def test_a_changed_letter_does_not_open() -> None:
    box = Letterbox({"k1": OLD})
    key_id, point, closed = letter(box.address, TEXT, "mark").split(".")
    other = letter(box.address, TEXT, "mark").split(".")[1]
    flipped = closed[:-6] + ("A" if closed[-6] != "A" else "B") + closed[-5:]
    for changed in (f"{key_id}.{other}.{closed}", f"{key_id}.{point}.{flipped}"):
        with pytest.raises(Unexpected, match="seal_broken"):
            box.open(changed, "mark")
