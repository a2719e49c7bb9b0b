"""Keys and tokens: what proves an identity and what does not."""

import base64
import json
import os
import stat
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from app.local.errors import LocalError
from app.local.keys import Keys, TokenError


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys.load(tmp_path_factory.mktemp("home"))


def _claims(**more: Any) -> dict[str, Any]:
    return {"sub": "someone", "role": "authenticated", "exp": int(time.time()) + 60, **more}


def _encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_of_ours_gives_back_its_claims(keys: Keys) -> None:
    claims = _claims()
    assert keys.verify(keys.sign(claims)) == claims


def test_any_es256_client_verifies_our_token_by_the_published_keys(keys: Keys) -> None:
    [published] = keys.jwks()["keys"]
    token = keys.sign(_claims(aud="authenticated"))
    assert jwt.get_unverified_header(token) == {
        "alg": "ES256",
        "typ": "JWT",
        "kid": published["kid"],
    }
    seen = jwt.decode(token, jwt.PyJWK(published).key, ["ES256"], audience="authenticated")
    assert seen["sub"] == "someone"
    assert "d" not in published


def test_a_second_load_has_the_same_keys(tmp_path: Path) -> None:
    first, second = Keys.load(tmp_path), Keys.load(tmp_path)
    assert second.verify(first.sign(_claims()))["sub"] == "someone"
    assert (first.publishable, first.secret) == (second.publishable, second.secret)
    assert first.storage_secret == second.storage_secret
    assert len(first.storage_secret) == 32


def test_many_first_loads_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: Keys.load(tmp_path), range(16)))
    token = loaded[0].sign(_claims())
    assert all(keys.verify(token)["sub"] == "someone" for keys in loaded)
    assert len({keys.secret for keys in loaded}) == 1
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == [
        "publishable_key",
        "secret_key",
        "signing_key.pem",
        "storage_secret",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_key_files_are_for_their_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Keys.load(tmp_path)
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_a_damaged_key_file_is_a_clear_error(tmp_path: Path) -> None:
    Keys.load(tmp_path)
    (tmp_path / "keys" / "signing_key.pem").write_text("nonsense")
    with pytest.raises(LocalError) as caught:
        Keys.load(tmp_path)
    assert caught.value.code == "keys_unreadable"


def test_an_expired_token_is_refused_as_expired_also_when_it_was_good_before(keys: Keys) -> None:
    token = keys.sign(_claims(exp=time.time() + 0.2))
    keys.verify(token)
    time.sleep(0.25)
    with pytest.raises(TokenError) as caught:
        keys.verify(token)
    assert (caught.value.kind, caught.value.message) == ("expired", "JWT expired")
    assert keys.verify(token, leeway=30)["sub"] == "someone"


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({"exp": "soon"}, "The JWT 'exp' claim must be a number"),
        ({"exp": True}, "The JWT 'exp' claim must be a number"),
        ({"nbf": time.time() + 600}, "JWT not yet valid"),
        ({"iat": time.time() + 600}, "JWT issued at future"),
    ],
)
def test_claims_that_make_no_sense_are_invalid(
    keys: Keys, claims: dict[str, Any], message: str
) -> None:
    with pytest.raises(TokenError) as caught:
        keys.verify(keys.sign(_claims(**claims)))
    assert (caught.value.kind, caught.value.message) == ("invalid", message)


def test_a_payload_that_is_no_object_is_invalid(keys: Keys) -> None:
    header = {"kid": keys.jwks()["keys"][0]["kid"]}
    token = jwt.PyJWS().encode(b"[1]", keys._signing_key, "ES256", headers=header)
    with pytest.raises(TokenError) as caught:
        keys.verify(token)
    assert (caught.value.kind, caught.value.message) == ("invalid", "Parsing claims failed")


def _unsigned(keys: Keys) -> str:
    kid = keys.jwks()["keys"][0]["kid"]
    return f"{_encoded({'alg': 'none', 'typ': 'JWT', 'kid': kid})}.{_encoded(_claims())}."


def _signed_by_a_stranger(keys: Keys) -> str:
    kid = keys.jwks()["keys"][0]["kid"]
    stranger = ec.generate_private_key(ec.SECP256R1())
    return jwt.encode(_claims(role="service_role"), stranger, "ES256", {"kid": kid})


def _public_key_as_shared_secret(keys: Keys) -> str:
    """The classic confusion: HMAC keyed with what everybody can download."""
    kid = keys.jwks()["keys"][0]["kid"]
    pem = keys._public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    head = f"{_encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': kid})}.{_encoded(_claims())}"
    import hashlib
    import hmac

    mac = hmac.new(pem, head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _with_another_kid(keys: Keys) -> str:
    return jwt.encode(_claims(), keys._signing_key, "ES256", {"kid": "another"})


def _without_kid(keys: Keys) -> str:
    return jwt.encode(_claims(), keys._signing_key, "ES256")


def _with_deep_header(keys: Keys) -> str:
    deep = base64.urlsafe_b64encode(b'{"a":' * 4000 + b"1" + b"}" * 4000).rstrip(b"=").decode()
    return f"{deep}.{_encoded(_claims())}.AAAA"


@pytest.mark.parametrize(
    "forge",
    [
        _unsigned,
        _signed_by_a_stranger,
        _public_key_as_shared_secret,
        _with_another_kid,
        _without_kid,
        _with_deep_header,
        lambda _: "",
        lambda _: "a.b",
        lambda _: "a.b.c.d",
        lambda _: "ü.ü.ü",
        lambda _: "sb_publishable_wrong",
        lambda keys: keys.sign(_claims()) + "=",
        lambda keys: " " + keys.sign(_claims()),
        lambda keys: keys.sign(_claims(filler="x" * 20_000)),
    ],
)
def test_a_forged_token_is_undecodable(keys: Keys, forge: Any) -> None:
    with pytest.raises(TokenError) as caught:
        keys.verify(forge(keys))
    assert caught.value.kind == "undecodable"


@given(st.data())
def test_a_token_with_any_character_changed_never_verifies(keys: Keys, data: st.DataObject) -> None:
    token = keys.sign(_claims())
    at = data.draw(st.integers(0, len(token) - 1))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n!ü"
    other = data.draw(st.sampled_from([char for char in alphabet if char != token[at]]))
    with pytest.raises(TokenError):
        keys.verify(token[:at] + other + token[at + 1 :])


def test_a_signature_has_one_spelling(keys: Keys) -> None:
    """Spare bits in its last character and skipped foreign characters would give it more."""
    token = keys.sign(_claims())
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spellings = [token[:-1] + char for char in alphabet if char != token[-1]]
    spellings += [token[:-3] + char + token[-3:] for char in "!. \n~"]
    for spelling in spellings:
        with pytest.raises(TokenError):
            keys.verify(spelling)
    assert keys.verify(token)


@given(st.text(max_size=200))
def test_no_text_at_all_is_a_token(keys: Keys, text: str) -> None:
    with pytest.raises(TokenError):
        keys.verify(text)
    with pytest.raises(TokenError):
        keys.claims_of({"apikey": text})


def test_headers_without_anything_are_anon(keys: Keys) -> None:
    assert keys.claims_of({}) == {"role": "anon"}


def test_api_keys_give_their_roles_with_or_without_bearer(keys: Keys) -> None:
    for key, role in ((keys.publishable, "anon"), (keys.secret, "service_role")):
        assert keys.claims_of({"apikey": key}) == {"role": role}
        both = {"apikey": key, "authorization": f"Bearer {key}"}
        assert keys.claims_of(both) == {"role": role}


def test_a_persons_token_wins_over_the_api_key(keys: Keys) -> None:
    headers = {"apikey": keys.publishable, "authorization": f"bearer {keys.sign(_claims())}"}
    assert keys.claims_of(headers)["sub"] == "someone"


def test_another_authorization_scheme_counts_as_none(keys: Keys) -> None:
    headers = {"apikey": keys.publishable, "authorization": "Basic eDp5"}
    assert keys.claims_of(headers) == {"role": "anon"}


def test_a_wrong_api_key_is_refused_beside_a_good_token(keys: Keys) -> None:
    headers = {"apikey": "sb_publishable_x", "authorization": f"Bearer {keys.sign(_claims())}"}
    with pytest.raises(TokenError, match="Invalid API key"):
        keys.claims_of(headers)


def test_the_secret_key_does_not_work_behind_the_publishable_one(keys: Keys) -> None:
    headers = {"apikey": keys.publishable, "authorization": f"Bearer {keys.secret}"}
    with pytest.raises(TokenError, match="differs from apikey"):
        keys.claims_of(headers)


def test_an_empty_bearer_is_not_anon(keys: Keys) -> None:
    with pytest.raises(TokenError, match="Empty JWT"):
        keys.claims_of({"apikey": keys.publishable, "authorization": "Bearer "})
