"""Who runs PostgreSQL: it refuses the super user, so root hands it to an unprivileged one."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.local import launch
from app.local.errors import LocalError

_UNPRIVILEGED = ("nobody", "daemon")


@dataclass(frozen=True)
class Account:
    """An entry of the system's user list."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """The user PostgreSQL must run as, or None when it may run as the present one."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise LocalError(
        "no_account",
        "PostgreSQL does not run as root, and this system has no user 'nobody' to run it as. "
        "Start Handrail as a normal user.",
    )


def present_user() -> str:
    """The name of the user this process runs as. Raises LocalError `no_user_name` without one."""
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError as error:
        raise LocalError(
            "no_user_name",
            f"User id {os.geteuid()} has no name on this system, and PostgreSQL needs one. "
            "Add it to the system's user list or start Handrail as another user.",
        ) from error


def command_line(
    command: Sequence[str | Path], account: Account | None, folder: Path, *, tied: bool
) -> list[str]:
    """The command that runs `command` as `account` in `folder`.

    With `tied` it gets SIGINT when this process dies (Linux).
    """
    words = [str(word) for word in command]
    if sys.platform == "win32":
        return words
    user = (str(account.uid), str(account.gid)) if account else ("-", "-")
    starter = str(os.getpid()) if tied else "0"
    return [sys.executable, "-I", "-S", launch.__file__, *user, starter, str(folder), *words]


def run_as(
    command: Sequence[str | Path], account: Account | None, folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end as `account` in `folder`; output captured, exit code not judged."""
    return subprocess.run(
        command_line(command, account, folder, tied=False),
        capture_output=True,
        text=True,
        errors="replace",
        env=clean_environment(),
        check=False,
    )


def clean_environment() -> Mapping[str, str]:
    """This process's environment without what would steer PostgreSQL behind our back."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C"}
