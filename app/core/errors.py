"""Everything that can go wrong and be told to a person, as one small tree.

    AppError
    ├── NotAllowed    this person may not, or is not signed in (`signed_out`, `wrong_secret`, …)
    ├── NotFound      it does not exist, or this person may not know that it does
    ├── Conflict      somebody was faster: `changed_meanwhile`, `already_there`, …
    ├── Invalid       what was sent cannot be taken: `not_valid`, `too_large`, …
    ├── Unreachable   the backend did not answer (in time); trying again later is sensible
    └── Unexpected    a fault of ours or of the backend; reported, and nothing a person can mend

`code` is snake_case and stable: screens turn it into a sentence in the reader's language.
`fields` holds the few facts such a sentence needs. Neither ever contains text of a foreign error,
so both may be shown and logged.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


def is_code(text: str) -> bool:
    """Whether `text` has the form of an error code (snake_case, at most 64 characters)."""
    return _CODE.fullmatch(text) is not None


class AppError(Exception):
    """Base of the tree in this module's docstring; raise one of the subclasses."""

    def __init__(self, code: str, fields: Mapping[str, str | int] | None = None) -> None:
        if not is_code(code):
            raise ValueError("an error code is snake_case")
        super().__init__(code)
        self.code = code
        self.fields: Mapping[str, str | int] = MappingProxyType(dict(fields or {}))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r})"


class NotAllowed(AppError):
    """This person may not do or see that, or nobody is signed in."""


class NotFound(AppError):
    """There is no such thing for this person."""


class Conflict(AppError):
    """It clashes with what is stored; reload, look and decide again."""


class Invalid(AppError):
    """What was sent cannot be taken as it is."""


class Unreachable(AppError):
    """No (timely) answer from the backend; nothing is known about the outcome of a write."""


class Unexpected(AppError):
    """An answer that this version of the app does not understand, or a broken stored value."""
