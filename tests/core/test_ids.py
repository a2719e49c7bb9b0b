"""Identifiers: unguessable, recognisable, and never usable backwards."""

from app.core.ids import device_tag, hash_cookie, is_cookie, new_cookie, new_request_id


def test_cookies_have_256_bits_and_never_repeat() -> None:
    cookies = {new_cookie() for _ in range(1000)}
    assert len(cookies) == 1000
    assert all(is_cookie(cookie) for cookie in cookies)


def test_only_the_form_of_our_cookies_is_looked_up() -> None:
    for other in ("", "a" * 42, "a" * 44, "a" * 42 + "\n", "a" * 42 + "/", "ä" * 43):
        assert not is_cookie(other)


def test_a_device_tag_is_not_its_hash() -> None:
    cookie_hash = hash_cookie(new_cookie())
    assert len(cookie_hash) == 64
    assert device_tag(cookie_hash) not in cookie_hash
    assert device_tag(cookie_hash) == device_tag(cookie_hash)


def test_request_ids_differ() -> None:
    assert new_request_id() != new_request_id()
