"""Calls functions as a persona would, in a transaction that is undone at the end of the test."""

import json
import threading
import time
from collections.abc import Mapping
from typing import Any

import psycopg

from tests.rls.world import World


class Refused(Exception):
    """A refusal as a client gets it: `403 not_allowed`, with its fields."""

    def __init__(self, error: psycopg.Error) -> None:
        super().__init__(
            f"{(error.sqlstate or '').removeprefix('PT')} {error.diag.message_primary}"
        )
        detail = error.diag.message_detail
        self.fields: Mapping[str, Any] = json.loads(detail) if detail else {}


class Caller:
    """What a persona does is kept for the rest of the test; what is refused leaves nothing."""

    def __init__(self, connection: psycopg.Connection[Any], world: World) -> None:
        self.connection = connection
        self.world = world
        (self._audit_before,) = self._row("select coalesce(max(id), 0) from private.audit")
        (self._hints_before,) = self._row("select coalesce(max(id), 0) from private.hints")

    def call(self, persona: str, function: str, *arguments: object) -> Any:
        """The function's value; raises Refused."""
        claims = self.world.claims(persona)
        return self.call_with(claims, function, *arguments)

    def call_with(self, claims: Mapping[str, Any], function: str, *arguments: object) -> Any:
        places = ", ".join(["%s"] * len(arguments))
        try:
            with self.connection.transaction():
                self.connection.execute(
                    "select set_config('role', %s, true),"
                    " set_config('request.jwt.claims', %s, true)",
                    (claims["role"], json.dumps(claims)),
                )
                (value,) = self._row(f"select public.{function}({places})", *arguments)
                self.connection.execute("reset role")
        except psycopg.Error as error:
            raise Refused(error) from error
        return value

    def answer(self, persona: str, function: str, *arguments: object) -> str:
        """`ok`, or the refusal."""
        try:
            self.call(persona, function, *arguments)
        except Refused as refusal:
            return str(refusal)
        return "ok"

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What is in the tables, seen by a superuser."""
        return self.connection.execute(query.encode(), parameters).fetchall()

    def audit(self) -> list[tuple[Any, ...]]:
        """(action, subject, fields) of every row this test has written."""
        return self.rows(
            "select action, subject_id, fields from private.audit where id > %s order by id",
            self._audit_before,
        )

    def hints(self) -> list[tuple[Any, ...]]:
        """(kind, ref, people) of every hint this test has sent."""
        return self.rows(
            "select kind, ref, people from private.hints where id > %s order by id",
            self._hints_before,
        )

    def _row(self, query: str, *parameters: object) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = self.connection.execute(query.encode(), parameters).fetchone()
        assert row is not None
        return row


def behind(first: Caller, second: Caller, *call: Any) -> str:
    """What `second` is answered when its call must wait until `first` commits, which it does.

    `call` is what `Caller.answer` takes.
    """
    answers: list[str] = []
    pid = second.connection.info.backend_pid
    waiting = threading.Thread(target=lambda: answers.append(second.answer(*call)))
    waiting.start()
    end = time.monotonic() + 10
    while not first.rows("select from unnest(pg_blocking_pids(%s))", pid):
        assert waiting.is_alive(), f"it did not wait: {answers}"
        assert time.monotonic() < end
    first.connection.commit()
    waiting.join(10)
    (answer,) = answers
    return answer
