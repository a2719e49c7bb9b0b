"""A position in a piece of PostgREST's query language, and the words for what is wrong there."""

import re
from typing import Final

from app.local.rest.errors import RestError, parse_error, unsupported

_NAME: Final = re.compile(r"[\w $]+(?:-(?!>)[\w $]+)*")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


class Reader:
    """``what`` names the parameter in error messages."""

    def __init__(self, text: str, what: str) -> None:
        self.text = text
        self.at = 0
        self._what = what

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def skip(self, literal: str) -> bool:
        if not self.text.startswith(literal, self.at):
            return False
        self.at += len(literal)
        return True

    def skip_blanks(self) -> None:
        while self.peek() in (" ", "\t"):
            self.at += 1

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    @property
    def done(self) -> bool:
        return self.at == len(self.text)

    def expect(self, literal: str) -> None:
        if not self.skip(literal):
            raise self.problem(f'expecting "{literal}"')

    def expect_end(self) -> None:
        if not self.done:
            raise self.problem("expecting end of input")

    def problem(self, expecting: str) -> RestError:
        found = f'"{self.peek()}"' if self.peek() else "end of input"
        return parse_error(self._what, self.text, self.at + 1, f"unexpected {found} {expecting}")

    def quoted(self) -> str | None:
        """A text in double quotes, without them; a backslash makes the next character plain."""
        found = self.take(_QUOTED)
        return _ESCAPED.sub(r"\1", found[1]) if found else None

    def name(self) -> str:
        """A field name, bare or in double quotes."""
        name = self.quoted()
        if name is None:
            bare = self.take(_NAME)
            name = bare[0].strip() if bare else ""
        if not name:
            raise self.problem("expecting field name (* or [a..z0..9_$])")
        if self.text.startswith("->", self.at):
            raise unsupported("paths into json columns", "Use a view or a function.")
        return name
