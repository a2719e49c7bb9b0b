"""How the text of a setting becomes a value.

Each function here raises ValueError that continues the sentence "<NAME> must be …".
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Account(NamedTuple):
    """Sign-in of a machine account."""

    email: str
    password: str


def any_text(text: str) -> str:
    return text


def port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError("a port from 1 to 65535")
    return int(text)


def minutes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 24 * 60:
        raise ValueError("a number of minutes from 1 to 1440")
    return int(text)


def seconds(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 600:
        raise ValueError("a number of seconds from 0 to 600")
    return int(text)


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return text

    return parse


def _own_url(text: str) -> tuple[str, str]:
    """(scheme://host[:port], path); plain http only on this machine, where nobody can listen in."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError("an address like https://example.org")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("https (plain http only for this machine itself)")
    if parts.query or parts.fragment:
        raise ValueError("an address without query and fragment")
    return f"{parts.scheme}://{parts.netloc.lower()}", parts.path.rstrip("/")


def url(text: str) -> str:
    return "".join(_own_url(text))


def origins(text: str) -> tuple[str, ...]:
    found = [_own_url(part) for part in _parts(text)]
    if any(path for _, path in found):
        raise ValueError("origins without a path, separated by commas")
    if len({origin.partition(":")[0] for origin, _ in found}) > 1:
        raise ValueError("all https or all http on this machine, since cookies differ")
    return tuple(origin for origin, _ in found)


def networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part) for part in _parts(text))
    except ValueError as error:
        raise ValueError("addresses or networks like 10.0.0.0/8, separated by commas") from error


def account(text: str) -> Account:
    email, colon, password = text.partition(":")
    if not colon or "@" not in email or not password:
        raise ValueError("email:password")
    return Account(email, password)


def domain(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", text):
        raise ValueError("a domain name in small letters")
    return text


def keys(text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for part in _parts(text):
        key_id, _, value = part.partition(":")
        try:
            key = base64.b64decode(value, validate=True)
        except binascii.Error:
            key = b""
        if not re.fullmatch(r"[a-z0-9]{1,16}", key_id) or len(key) != 32 or key_id in keys:
            raise ValueError("id:base64 of 32 bytes each, ids of small letters and digits, once")
        keys[key_id] = key
    return keys


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
