"""Passwords: what is strong enough, and bcrypt in threads of its own."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import bcrypt

from app.local.auth.errors import AuthError, validation_failed
from app.local.config import Config
from app.local.errors import LocalError

# bcrypt looks at no more, and supabase/auth refuses what it would ignore.
LONGEST_BYTES = 72

_LOWER, _UPPER, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
_SYMBOLS = "!@#$%^&*()_+-=[]{};'\\\\:\"|<>?,./`~"
# supabase/cli, apps/cli-go/pkg/config/auth.go (PasswordRequirements): one character of each set.
_REQUIREMENTS = {
    "": (),
    "letters_digits": (_LOWER + _UPPER, _DIGITS),
    "lower_upper_letters_digits": (_LOWER, _UPPER, _DIGITS),
    "lower_upper_letters_digits_symbols": (_LOWER, _UPPER, _DIGITS, _SYMBOLS),
}

_THREADS = 2
# At 60 ms each and two threads, the last one in the queue has waited a second.
_MOST_WAITING = 32

# Salt and digest of a password that nobody knows; bcrypt does its full work against it.
_NOBODY = "3CKM1MBJqrjz.Vnt6KNTP.YkM2fkydGcE1KBnneCtooU42BCD.yDu"
_HASH = re.compile(r"\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}")

_Result = TypeVar("_Result")


def _required_by(name: str) -> tuple[str, ...]:
    try:
        return _REQUIREMENTS[name]
    except KeyError:
        allowed = ", ".join(f'"{known}"' for known in _REQUIREMENTS)
        raise LocalError(
            "config_invalid", f"auth.password_requirements must be one of {allowed}."
        ) from None


class Passwords:
    """Hashes and checks passwords without blocking the event loop.

    ``on_bcrypt`` is called once for each hash or check that bcrypt really does. Past a bounded
    queue, calls raise AuthError 429.
    """

    def __init__(self, config: Config, *, on_bcrypt: Callable[[], None] = lambda: None) -> None:
        self._minimum_length = config.password_min_length
        self._required = _required_by(config.password_requirements)
        self._cost = config.password_cost
        self._on_bcrypt = on_bcrypt
        self._nobody = f"$2a${config.password_cost:02d}${_NOBODY}"
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="bcrypt")
        self._waiting = 0

    def weakness(self, password: str) -> dict[str, object] | None:
        """Why this password is too weak today, as ``{message, reasons}``; None if it is not."""
        messages: dict[str, str] = {}
        if len(password.encode()) < self._minimum_length:
            messages["length"] = f"Password should be at least {self._minimum_length} characters."
        if not all(set(required) & set(password) for required in self._required):
            sets = ", ".join(self._required)
            messages["characters"] = (
                f"Password should contain at least one character of each: {sets}."
            )
        if not messages:
            return None
        return {"message": " ".join(messages.values()), "reasons": list(messages)}

    def require_strong(self, password: str) -> None:
        """Raise AuthError if this may not become somebody's password."""
        self.require_hashable(password)
        weak = self.weakness(password)
        if weak is not None:
            reasons = {"weak_password": {"reasons": weak["reasons"]}}
            raise AuthError(422, "weak_password", str(weak["message"]), reasons)

    def require_hashable(self, password: str) -> None:
        """Raise AuthError if bcrypt would ignore the end of this password."""
        if len(password.encode()) > LONGEST_BYTES:
            raise validation_failed(f"Password cannot be longer than {LONGEST_BYTES} characters")

    async def hashed(self, password: str) -> str:
        """The bcrypt hash to store, in the spelling that golang's bcrypt writes."""
        salt = bcrypt.gensalt(self._cost, b"2a")
        return (await self._run(partial(bcrypt.hashpw, password.encode(), salt))).decode()

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether this is the password behind the stored hash.

        Costs one bcrypt check in any case: without a stored hash, and when it cannot match.
        """
        given = password.encode()
        known = stored is not None and _HASH.fullmatch(stored) is not None
        against = stored if known and stored is not None else self._nobody
        check = partial(bcrypt.checkpw, given[:LONGEST_BYTES], against.encode())
        right = await self._run(check)
        return right and known and len(given) <= LONGEST_BYTES

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        if self._waiting >= _MOST_WAITING:
            raise AuthError(429, "over_request_rate_limit", "Request rate limit reached")
        self._waiting += 1
        try:
            self._on_bcrypt()
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
