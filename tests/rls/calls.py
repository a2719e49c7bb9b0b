"""One call of each function for each persona, and the word it is answered with."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.errors import InsufficientPrivilege

from tests.rls.probe import acting_as
from tests.rls.world import World, cookie_hash

OWN_DEVICE = "select public.{}(%(device)s)"

# Rows of the grid that call a function of another name.
FUNCTIONS = {
    "add_young_person": "add_person",
    "add_mentor": "add_person",
    "add_administrator": "add_person",
    "add_to_other": "add_person",
    "add_trainer_role": "add_role",
    "add_administrator_role": "add_role",
    "add_role_to_stranger": "add_role",
    "end_administrator": "end_membership",
    "end_in_other": "end_membership",
    "rename_other": "rename_organisation",
}

CALLS = {
    "open_device": OWN_DEVICE.format("open_device"),
    "close_device": OWN_DEVICE.format("close_device"),
    "keep_device": "select public.keep_device(%(new_device)s, 'sealed', 'Firefox', 30)",
    "renew_device": "select public.renew_device(%(device)s, 'sealed again', 1)",
    "close_devices": "select public.close_devices(%(device)s, true)",
    "my_devices": OWN_DEVICE.format("my_devices"),
    "my_home": OWN_DEVICE.format("my_home"),
    "choose_membership": "select public.choose_membership(%(device)s, %(membership)s)",
    "update_me": "select public.update_me('Sam', 'de', 'Europe/Vienna', 1)",
    "rename_organisation": "select public.rename_organisation(%(organisation)s, 'New name', 1)",
    "add_young_person": "select public.add_person(%(organisation)s, 'Kim', 'young_person', 'en')",
    "add_mentor": "select public.add_person(%(organisation)s, 'Kim', 'mentor', 'en')",
    "add_administrator": "select public.add_person(%(organisation)s, 'Kim', 'administrator', 'en')",
    "add_trainer_role": "select public.add_role(%(organisation)s, %(person)s, 'trainer')",
    "add_administrator_role": "select public.add_role(%(organisation)s, %(person)s,"
    " 'administrator')",
    "add_role_to_stranger": "select public.add_role(%(organisation)s, %(not_here)s, 'trainer')",
    "claim_person": "select public.claim_person(%(code)s)",
    "end_membership": "select public.end_membership(%(own)s, 'finished')",
    "end_administrator": "select public.end_membership(%(second)s, 'finished')",
    "found_organisation": "select public.found_organisation()",
    "enlist_machine": "select public.enlist_machine()",
    "machine_beat": "select public.machine_beat()",
    "machine_changes_since": "select public.machine_changes_since(null)",
    "machine_report_error": "select public.machine_report_error('0123abcd', 'KeyError', 'app:1')",
    "machine_sweep": "select public.machine_sweep()",
    "rename_other": "select public.rename_organisation(%(other)s, 'New name', 1)",
    "add_to_other": "select public.add_person(%(other)s, 'Kim', 'young_person', 'en')",
    "end_in_other": "select public.end_membership(%(elsewhere)s, 'finished')",
}


def parameters(world: World, persona: str) -> Mapping[str, object]:
    """What the statements of CALLS name, as this persona would send it."""
    return {
        "device": world.devices.get(persona, cookie_hash("nobody's")),
        "new_device": cookie_hash("new"),
        "membership": world.memberships.get(persona),
        "organisation": world.organisation,
        "other": world.other_organisation,
        "own": world.memberships["own"],
        "second": world.memberships["second"],
        "elsewhere": world.memberships["elsewhere"],
        "person": world.people["own"],
        "not_here": world.people["other_young_person"],
        "code": world.code,
    }


def answer(connection: psycopg.Connection[Any], world: World, persona: str, name: str) -> str:
    """`ok`, the status of a refusal (`403`), `-` without the right to execute; undone after."""
    with acting_as(connection, world, persona):
        try:
            with connection.transaction():
                connection.execute(CALLS[name].encode(), parameters(world, persona))
        except InsufficientPrivilege:
            return "-"
        except psycopg.Error as error:
            return (error.sqlstate or "").removeprefix("PT")
    return "ok"
