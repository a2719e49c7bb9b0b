"""The format of refresh tokens; broken ones are those of supabase/auth's
internal/crypto/refresh_tokens_test.go (TestRefreshTokenParse)."""

import base64
import hashlib
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.local.auth.refresh_tokens import RefreshToken, RefreshTokens

TOKENS = RefreshTokens(b"a secret of this test")
SHORTEST = 1 + 16 + 1 + 16 + 4


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_or_none(text: str) -> RefreshToken | None:
    try:
        return TOKENS.read(text)
    except ValueError:
        return None


def with_checksum(message: bytes) -> str:
    return encoded(message + hashlib.sha256(message).digest()[:4])


@given(st.uuids(), st.integers(0, (1 << 63) - 1))
def test_a_token_is_read_back_as_it_was_written(session_id: UUID, turn: int) -> None:
    token = RefreshToken(session_id, turn)
    assert TOKENS.read(TOKENS.write(token)) == token


def test_the_same_turn_always_gives_the_same_text() -> None:
    token = RefreshToken(uuid4(), 7)
    assert TOKENS.write(token) == TOKENS.write(token)
    assert TOKENS.write(token) != TOKENS.write(RefreshToken(token.session_id, 8))


def test_a_token_of_another_project_names_nobody() -> None:
    foreign = RefreshTokens(b"another secret").write(RefreshToken(uuid4(), 0))
    assert TOKENS.read(foreign) is None


@given(st.integers(0, (SHORTEST - 4) * 8 - 1))
def test_a_token_with_one_bit_changed_names_nobody(bit: int) -> None:
    written = TOKENS.write(RefreshToken(UUID(int=1), 0))
    raw = bytearray(base64.urlsafe_b64decode(written + "=="))[:-4]
    raw[bit // 8] ^= 1 << bit % 8
    assert read_or_none(with_checksum(bytes(raw))) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (encoded(bytes(SHORTEST - 1)), "length or version"),
        (encoded(bytes(SHORTEST)), "checksum"),
        (encoded(b"\1" + bytes(SHORTEST - 1)), "length or version"),
        (with_checksum(bytes(17) + b"\xff" * 17), "turn"),
        (with_checksum(bytes(17) + b"\xff\0" + bytes(15)), "turn"),
        ("!" * 50, "encoding"),
        ("ü" * 50, "ASCII"),
        ("\ud800" * 50, "ASCII"),
        ("", "length or version"),
        ("A" * 4000, "length or version"),
    ],
)
def test_what_never_was_a_token_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        TOKENS.read(text)


def test_a_second_spelling_of_a_token_is_refused() -> None:
    written = TOKENS.write(RefreshToken(UUID(int=1), 0))
    for other in (written + "=", written + "==", written + "\n", " " + written):
        with pytest.raises(ValueError, match="encoding"):
            TOKENS.read(other)


@given(st.text(max_size=80))
def test_any_text_is_either_refused_or_names_nobody(text: str) -> None:
    assert read_or_none(text) is None
