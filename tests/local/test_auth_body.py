"""Reading requests: what is no JSON object that PostgreSQL could keep is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.local.auth.body import DEEPEST_JSON, Fields, normalised_email, parse
from app.local.auth.errors import AuthError

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | STORABLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(STORABLE, inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


@given(st.dictionaries(STORABLE, VALUES, max_size=4))
def test_an_ordinary_object_is_read_as_it_was_sent(value: dict[str, object]) -> None:
    assert parse(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b'"text"',
        b"{}{}",
        b"\xff",
        "{}".encode("utf-16"),
        b"email=a%40example.org",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        rb'{"a": "\u0000"}',
        rb'{"\u0000": 1}',
        rb'{"a": "\ud800"}',
        rb'{"a": ["\udc00"]}',
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
)
def test_a_body_that_is_no_storable_object_is_refused(raw: bytes) -> None:
    with pytest.raises(AuthError, match="Could not parse request body as JSON") as refused:
        parse(raw)
    assert (refused.value.status, refused.value.code) == (400, "bad_json")


@pytest.mark.parametrize(("depth", "fits"), [(DEEPEST_JSON - 1, True), (DEEPEST_JSON, False)])
def test_nesting_is_taken_up_to_its_limit(depth: int, fits: bool) -> None:
    raw = ('{"a":' * depth + "1" + "}" * depth).encode()
    if fits:
        assert parse(raw)
    else:
        with pytest.raises(AuthError, match="max depth"):
            parse(raw)


def test_null_counts_as_an_empty_object() -> None:
    assert parse(b"null") == {}


@pytest.mark.parametrize("value", [1, True, [], {}])
def test_a_text_field_of_another_type_is_refused(value: object) -> None:
    with pytest.raises(AuthError, match="email must be a string"):
        Fields({"email": value}).text("email")


@pytest.mark.parametrize("value", [1, "true", [], {}])
def test_a_flag_of_another_type_is_refused(value: object) -> None:
    with pytest.raises(AuthError, match="email_confirm must be a boolean"):
        Fields({"email_confirm": value}).flag("email_confirm")


@pytest.mark.parametrize("value", [1, "{}", [], True])
def test_an_object_field_of_another_type_is_refused(value: object) -> None:
    with pytest.raises(AuthError, match="data must be a object"):
        Fields({"data": value}).mapping("data")


def test_a_missing_field_and_null_are_the_same() -> None:
    for fields in (Fields({}), Fields({"a": None})):
        assert fields.text("a") is None
        assert fields.mapping("a") is None
        assert fields.flag("a") is False
        assert fields.given(["a"]) is None


def test_an_address_is_kept_in_lower_case() -> None:
    assert normalised_email("Amira.Haddad+1@Example.ORG") == "amira.haddad+1@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "a", "@", "a@", "@b.org", "a b@c.org", "a@b..org", "a@-b.org", "a@b-.org", "a@b.org\n",
        "a\0@b.org", "a\x1b@b.org", "a@b.org,c@d.org", "a@@b.org", "ä@b.org", "a@bücher.de",
        "\u212a@b.org", "a@" + "b" * 64 + ".org", "a" * 250 + "@b.org",
    ],
)  # fmt: skip
def test_what_cannot_be_an_address_is_refused(text: str) -> None:
    with pytest.raises(AuthError, match="email address") as refused:
        normalised_email(text)
    assert refused.value.code == "validation_failed"
