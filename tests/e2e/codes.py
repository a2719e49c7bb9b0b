"""Codes for coming in, made by demo people through their own doors."""

from app.demo.people import INVITED
from tests.e2e.test_first_screen import client_of
from tests.e2e.test_one_tab import owner
from tests.fixtures.mails import links_to
from tests.fixtures.run import Run


def person_id(run: Run, name: str) -> str:
    """The demo person, or whoever came since, by their name."""
    with owner(run) as connection:
        row = connection.execute("select id from public.people where name = %s", [name]).fetchone()
    assert row
    return str(row[0])


def organisation_id(run: Run) -> str:
    """The demo organisation."""
    with owner(run) as connection:
        row = connection.execute("select id from public.organisations").fetchone()
    assert row
    return str(row[0])


def new_code(run: Run, by: str, name: str, role: str) -> str:
    """Somebody is expected from now on; the code with which they come in."""
    place = organisation_id(run)
    arguments = {"p_organisation": place, "p_name": name, "p_role": role, "p_language": "en"}
    return str(client_of(run, by).rpc("add_person", arguments).execute().data["code"])  # type: ignore[index,call-overload]  # JSON


def return_code(run: Run, name: str) -> str:
    """A code with which a young person of the first key worker gets back in."""
    arguments = {"p_person": person_id(run, name), "p_reason": "new_phone"}
    made = client_of(run, "key_worker").rpc("new_return_code", arguments).execute()
    return str(made.data["code"])  # type: ignore[index,call-overload]  # JSON


def invitation(run: Run) -> str:
    """Where the mail to a colleague leads who was invited and has not come in yet."""
    return links_to(run.home / "mail", INVITED[0].login)[-1].removeprefix(run.url)
