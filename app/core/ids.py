"""Where new identifiers and secrets come from."""

import hashlib
import re
import secrets

_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")


def new_cookie() -> str:
    """A device cookie's value: 256 random bits, URL-safe. Only its hash is ever stored."""
    return secrets.token_urlsafe(32)


def is_cookie(value: str) -> bool:
    """Whether `value` has the form of `new_cookie()`; anything else needs no look-up."""
    return _COOKIE.fullmatch(value) is not None


def hash_cookie(value: str) -> str:
    """The name of a device in the database and in this process: sha256 of the cookie, in hex."""
    return hashlib.sha256(value.encode()).hexdigest()


def device_tag(cookie_hash: str) -> str:
    """A device's name in logs: cannot be used to look the device up, as its hash can."""
    return hashlib.sha256(b"log:" + cookie_hash.encode()).hexdigest()[:12]


def device_mark(cookie_hash: str) -> str:
    """What a page may know of its device: that the same sign-in came back."""
    return hashlib.sha256(f"mark {cookie_hash}".encode()).hexdigest()[:12]


def new_request_id() -> str:
    """A name for one request or socket, to find its log lines by: 64 random bits in hex."""
    return secrets.token_hex(8)
