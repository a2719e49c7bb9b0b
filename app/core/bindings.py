"""PIN and pictures: a short answer that opens a long secret, in one bound browser alone.

The secret is sealed under a key made of three things that never lie in one place: the answer (in
somebody's head), the value of the browser's cookie, and a key of this app's settings. The database
holds the sealed text and counts the tries: a copy of it cannot be tried without the browser and
the settings, and with the browser alone there are five tries.
"""

import asyncio
import base64
import functools
import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.db import open_to_all
from app.core.device import Device
from app.core.errors import Invalid, NotAllowed, Unexpected, Unreachable
from app.core.http import Backend
from app.core.ids import hash_cookie, is_cookie, new_cookie
from app.core.logs import log_fault

Kind = Literal["pin", "pictures"]
Trouble = Literal["not_six_digits", "too_simple", "not_four_pictures"]

PICTURES: Final = (
    *("boat", "tree", "cup", "key", "sun", "bird"),
    *("house", "star", "fish", "bike", "lamp", "leaf"),
)
PIN_DIGITS: Final = 6
CHOSEN_PICTURES: Final = 4

_VERSION = "b1"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Cost:
    """What each try costs whoever holds cookie and keys and would try them all: as scrypt names
    it, 16 MB and some 50 ms. Boxes made at one cost open only at the same."""

    n: int = 2**14
    r: int = 8
    p: int = 1


USUAL_COST: Final = Cost()


@dataclass(frozen=True, slots=True)
class Bound:
    """What a browser is asked for, and how many wrong answers it may still give."""

    kind: Kind
    tries_left: int


@dataclass(frozen=True, slots=True)
class Opened:
    """Behind the right answer: the address to sign in with and its secret; without a secret the
    answer only unlocks a device that is still signed in."""

    email: str
    secret: str | None


def answer_trouble(kind: Kind, answer: str) -> Trouble | None:
    """Why an answer cannot be chosen. Digits of every script and spaces between them are taken."""
    plain = _plain(kind, answer)
    if not _has_shape(kind, plain):
        return "not_six_digits" if kind == "pin" else "not_four_pictures"
    return "too_simple" if kind == "pin" and _is_simple(plain) else None


class Bindings:
    """The bound browsers. `keys` (id → bytes): the first one seals, all of them open.

    Keep an old key until nobody uses a browser any more that was bound with it: 400 days.
    `cost` is for tests of other things. Every method may raise `Unreachable`.
    """

    def __init__(
        self, backend: Backend, keys: Mapping[str, bytes], cost: Cost = USUAL_COST
    ) -> None:
        if not keys:
            raise ValueError("bindings need at least one key")
        self._keys = {
            key_id: hmac.digest(key, f"{_VERSION}:binding".encode(), "sha256")
            for key_id, key in keys.items()
        }
        self._scrypt = functools.partial(
            hashlib.scrypt, n=cost.n, r=cost.r, p=cost.p, maxmem=2**26, dklen=32
        )
        self._nobody = open_to_all(backend)

    async def look(self, cookie: str) -> Bound | None:
        """What the browser with this cookie is asked for; None when it is not bound (any more).
        Counts nothing."""
        if not is_cookie(cookie):
            return None
        row = await self._nobody.rpc("look_binding", binding_hash=hash_cookie(cookie))
        return Bound(row["kind"], int(row["tries_left"])) if row else None

    async def bind(
        self, device: Device, kind: Kind, answer: str, *, email: str, secret: str | None
    ) -> str:
        """Binds the browser of a signed-in device to an answer; returns its new cookie's value.

        Without `secret` the answer unlocks this device and signs nobody in. `drop` what was bound
        in this browser before. Raises `Invalid` with an `answer_trouble`.
        """
        if trouble := answer_trouble(kind, answer):
            raise Invalid(trouble)
        cookie, key_id = new_cookie(), next(iter(self._keys))
        key = await self._key(key_id, cookie, kind, _plain(kind, answer))
        nonce = secrets.token_bytes(_NONCE_BYTES)
        text = json.dumps({"email": email, "secret": secret}).encode()
        box = nonce + AESGCM(key).encrypt(nonce, text, _bound_to(key_id, cookie, kind))
        sealed = f"{_VERSION}.{key_id}.{base64.urlsafe_b64encode(box).rstrip(b'=').decode()}"
        await device.db.rpc(
            "bind_browser",
            cookie_hash=device.cookie_hash,
            binding_hash=hash_cookie(cookie),
            kind=kind,
            sealed=sealed,
        )
        return cookie

    async def open(self, cookie: str, answer: str) -> Opened:
        """What lies behind the answer. The try is counted before anybody knows whether it is right:
        call `opened` once its person is signed in.

        Raises `NotAllowed("wrong_answer")` with `tries_left`, 0 when that unbound the browser, and
        `NotAllowed("unbound")` when it was not bound. What cannot be an answer at all, a PIN of
        five digits, is `Invalid` with its `answer_trouble` and not counted.
        """
        bound = await self.look(cookie)
        if bound is None:
            raise NotAllowed("unbound")
        plain = _plain(bound.kind, answer)
        if not _has_shape(bound.kind, plain):
            raise Invalid(answer_trouble(bound.kind, answer) or "not_valid")
        tried = await self._nobody.rpc(
            "try_binding", binding_hash=hash_cookie(cookie), key_ids=list(self._keys)
        )
        if tried is None:
            raise NotAllowed("unbound")
        if tried.get("key_missing"):
            # Another process may have the key: a setting is wrong here, nobody is unbound.
            log_fault("binding_key_missing", Unexpected("seal_key_missing"))
            raise Unreachable("key_missing")
        try:
            return await self._unseal(tried["sealed"], cookie, tried["kind"], plain)
        except InvalidTag:
            left = int(tried["tries_left"])
            if left == 0:
                await self.drop(cookie)
            raise NotAllowed("wrong_answer", {"tries_left": left}) from None

    async def opened(self, device: Device, cookie: str) -> None:
        """The answer was right and its person is signed in on this device: tries start anew."""
        await device.db.rpc(
            "renew_binding", cookie_hash=device.cookie_hash, binding_hash=hash_cookie(cookie)
        )

    async def drop(self, cookie: str) -> None:
        """Unbinds a browser; harmless when it is not bound."""
        await self._nobody.rpc("drop_binding", binding_hash=hash_cookie(cookie))

    async def _unseal(self, sealed: str, cookie: str, kind: Kind, plain: str) -> Opened:
        _, key_id, text = sealed.split(".")
        box = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        key = await self._key(key_id, cookie, kind, plain)
        nonce, ciphertext = box[:_NONCE_BYTES], box[_NONCE_BYTES:]
        found = json.loads(AESGCM(key).decrypt(nonce, ciphertext, _bound_to(key_id, cookie, kind)))
        return Opened(found["email"], found["secret"])

    async def _key(self, key_id: str, cookie: str, kind: Kind, plain: str) -> bytes:
        salt = hashlib.sha256(f"{_VERSION}:{kind}:{cookie}".encode()).digest()
        slow = await asyncio.to_thread(self._scrypt, plain.encode(), salt=salt)
        # The cookie goes in beside the app's key: neither is enough without the other.
        return hmac.digest(self._keys[key_id], slow + cookie.encode(), "sha256")


def _bound_to(key_id: str, cookie: str, kind: Kind) -> bytes:
    return f"{_VERSION}.{key_id}.{kind}.{hash_cookie(cookie)}".encode()


def _plain(kind: Kind, answer: str) -> str:
    """An answer as it counts, however it was typed; not much longer than an answer can be."""
    if kind == "pictures":
        return answer[:128]
    return "".join(
        str(unicodedata.digit(letter, letter)) for letter in answer[:64] if not letter.isspace()
    )


def _has_shape(kind: Kind, plain: str) -> bool:
    if kind == "pin":
        return len(plain) == PIN_DIGITS and plain.isascii() and plain.isdecimal()
    chosen = plain.split("-")
    return len(chosen) == len(set(chosen)) == CHOSEN_PICTURES and set(chosen) <= set(PICTURES)


def _is_simple(pin: str) -> bool:
    """One digit only, a run up or down (also through 9 and 0), or one pair three times."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {9}) or pin == pin[:2] * 3
