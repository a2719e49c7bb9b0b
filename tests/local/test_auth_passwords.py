"""Passwords: strength, bcrypt's limits, and a queue that ends."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import bcrypt
import pytest

from app.local.auth.errors import AuthError
from app.local.auth.passwords import Passwords
from app.local.config import Config

# From golang.org/x/crypto/bcrypt, bcrypt_test.go (TestBcryptingIsCorrect): "allmine".
GOLANG_HASH = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga"


QUICK = Config(password_min_length=8, password_cost=4)


def quick(on_bcrypt: Callable[[], None] = lambda: None) -> Passwords:
    return Passwords(QUICK, on_bcrypt=on_bcrypt)


async def test_a_hash_from_golang_is_matched() -> None:
    assert await quick().matches("allmine", GOLANG_HASH)
    assert not await quick().matches("allmine ", GOLANG_HASH)


async def test_a_new_hash_is_spelt_as_golang_does_and_matches_only_its_password() -> None:
    hashed = await quick().hashed("päss wörd")
    assert hashed.startswith("$2a$04$")
    assert await quick().matches("päss wörd", hashed)
    assert not await quick().matches("pass word", hashed)


def test_passwords_are_hashed_at_the_upstreams_cost_unless_told() -> None:
    hashed = asyncio.run(Passwords(Config()).hashed("a password"))
    assert hashed.startswith("$2a$10$")
    assert len(hashed) == len(GOLANG_HASH)


async def test_a_password_longer_than_bcrypt_reads_never_matches() -> None:
    seventy_two = "x" * 72
    hashed = await quick().hashed(seventy_two)
    assert await quick().matches(seventy_two, hashed)
    assert not await quick().matches(seventy_two + "y", hashed)


@pytest.mark.parametrize("stored", [None, "", "plain", "$2a$04$short", "$argon2id$v=19$m=1"])
async def test_without_a_usable_hash_bcrypt_works_as_hard_and_says_no(stored: str | None) -> None:
    calls: list[int] = []
    passwords = quick(on_bcrypt=lambda: calls.append(1))
    assert not await passwords.matches("anything", stored)
    assert not await passwords.matches("", stored)
    assert len(calls) == 2


async def test_the_hash_that_stands_in_for_nobody_is_one_that_bcrypt_works_on() -> None:
    nobody = quick()._nobody
    assert bcrypt.hashpw(b"any", nobody.encode()).startswith(nobody[:29].encode())


@pytest.mark.parametrize("password", ["", "seven77", "äöü"])
def test_a_short_password_is_refused_with_its_reason(password: str) -> None:
    with pytest.raises(AuthError, match="at least 8 characters") as refused:
        quick().require_strong(password)
    assert refused.value.status == 422
    assert refused.value.extra == {"weak_password": {"reasons": ["length"]}}


def test_each_missing_kind_of_character_is_one_reason() -> None:
    strict = Passwords(replace(QUICK, password_requirements="lower_upper_letters_digits_symbols"))
    strict.require_strong("aB3$aB3$")
    for password in ("AB3$AB3$", "ab3$ab3$", "aB$$aB$$", "aB33aB33", "aB3äaB3ä"):
        weak = strict.weakness(password)
        assert weak is not None
        assert weak["reasons"] == ["characters"]
    weak = strict.weakness("aB3")
    assert weak is not None
    assert weak["reasons"] == ["length", "characters"]


def test_a_password_past_72_bytes_is_refused_in_bytes_not_characters() -> None:
    quick().require_strong("x" * 72)
    for password in ("x" * 73, "ä" * 37):
        with pytest.raises(AuthError, match="longer than 72") as refused:
            quick().require_strong(password)
        assert refused.value.code == "validation_failed"


async def test_too_much_to_hash_is_refused_and_the_rest_still_done() -> None:
    passwords = quick()
    answers = await asyncio.gather(
        *(passwords.matches("x", None) for _ in range(200)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, AuthError)]
    assert {(error.status, error.code) for error in refused} == {(429, "over_request_rate_limit")}
    assert answers.count(False) == 32
    assert len(refused) == 168
    assert await passwords.matches("allmine", GOLANG_HASH)
