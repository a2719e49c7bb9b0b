"""A sealed text opens with its key and its context, and in no other way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Unexpected
from app.core.seal import Seal, derived_key, new_file_key, new_key, open_file, seal_file

OLD = {"old1": bytes(range(32))}
NEW = {"new1": bytes(range(32, 64)), **OLD}


@given(st.binary(max_size=2000), st.text(max_size=40))
def test_any_text_opens_again_with_its_context(plain: bytes, context: str) -> None:
    seal = Seal(OLD)
    try:
        context.encode()
    except UnicodeEncodeError:
        return
    assert seal.open(seal.seal(plain, context), context) == plain


def test_the_same_text_never_looks_the_same_twice() -> None:
    seal = Seal(OLD)
    assert len({seal.seal(b"secret", "row") for _ in range(50)}) == 50


def test_a_sealed_text_does_not_contain_the_plain_text() -> None:
    assert "secret" not in Seal(OLD).seal(b"secret secret secret", "row")


def test_another_context_does_not_open() -> None:
    seal = Seal(OLD)
    sealed = seal.seal(b"secret", "device:a")
    with pytest.raises(Unexpected, match="seal_broken"):
        seal.open(sealed, "device:b")


def test_every_single_changed_character_is_noticed() -> None:
    seal = Seal(OLD)
    sealed = seal.seal(b"secret", "row")
    for at, character in enumerate(sealed):
        changed = sealed[:at] + ("A" if character != "A" else "B") + sealed[at + 1 :]
        with pytest.raises(Unexpected):
            seal.open(changed, "row")


@pytest.mark.parametrize("garbage", ["", ".", "...", "s1.old1..", "s2.old1.AAAA.AAAA", "ü.ü.ü.ü"])
def test_garbage_is_refused_with_the_same_error(garbage: str) -> None:
    with pytest.raises(Unexpected, match="seal_broken"):
        Seal(OLD).open(garbage, "row")


def test_parts_of_two_sealed_texts_cannot_be_mixed() -> None:
    seal = Seal(OLD)
    first, second = (seal.seal(text, "row").split(".") for text in (b"one", b"two"))
    with pytest.raises(Unexpected):
        seal.open(".".join([*first[:3], second[3]]), "row")


def test_after_rotation_old_texts_open_and_ask_for_a_new_seal() -> None:
    before, after = Seal(OLD), Seal(NEW)
    sealed = before.seal(b"secret", "row")
    assert after.open(sealed, "row") == b"secret"
    assert after.needs_reseal(sealed)
    assert not after.needs_reseal(after.seal(b"secret", "row"))


def test_without_the_old_key_old_texts_stay_closed() -> None:
    sealed = Seal(OLD).seal(b"secret", "row")
    with pytest.raises(Unexpected, match="seal_key_missing"):
        Seal({"new1": bytes(32)}).open(sealed, "row")


def test_a_new_key_has_the_form_of_the_setting() -> None:
    key_id, _, value = new_key("k2026").partition(":")
    assert (key_id, len(value)) == ("k2026", 44)
    with pytest.raises(ValueError, match="key id"):
        new_key("Not an id")


@pytest.mark.parametrize("keys", [{}, {"a": b"short"}, {"No id": bytes(32)}])
def test_unusable_keys_are_refused(keys: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(keys)


def test_a_derived_key_belongs_to_its_purpose_and_to_the_current_key() -> None:
    one, two = {"k1": bytes(32)}, {"k2": bytes([1]) * 32, "k1": bytes(32)}

    assert derived_key(one, "forms") == derived_key(one, "forms")
    assert (
        len({derived_key(one, "forms"), derived_key(one, "names"), derived_key(two, "forms")}) == 3
    )
    assert derived_key(one, "forms") != one["k1"]


def test_a_file_opens_with_its_own_key_at_its_own_place_and_nowhere_else() -> None:
    key, content = new_file_key(), bytes(range(256)) * 8
    sealed = seal_file(key, content, "thread/one")

    assert open_file(key, sealed, "thread/one") == content
    assert len(sealed) == len(content) + 28
    assert sealed != seal_file(key, content, "thread/one")
    broken = sealed[:50] + bytes([sealed[50] ^ 1]) + sealed[51:]
    for other, bytes_, place in (
        (new_file_key(), sealed, "thread/one"),
        (key, sealed, "thread/two"),
        (key, broken, "thread/one"),
        (key, b"", "thread/one"),
        ("no key", sealed, "thread/one"),
    ):
        with pytest.raises(Unexpected, match="seal_broken"):
            open_file(other, bytes_, place)
