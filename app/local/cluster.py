"""Makes a cluster's files: initdb, who may log in, and what the server is told at each start."""

import contextlib
import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from app.local.account import present_user, run_as
from app.local.errors import LocalError
from app.local.failures import explain
from app.local.place import Place, short_name

# Chosen for one organisation on one machine: little memory, few processes, nothing lost. Errors of
# statements stay out of the log, since their texts can hold what people wrote.
_SETTINGS = {
    "max_connections": "60",
    "shared_buffers": "24MB",
    "maintenance_work_mem": "32MB",
    "min_wal_size": "16MB",
    "max_wal_size": "256MB",
    "max_wal_senders": "0",
    "max_replication_slots": "0",
    "max_logical_replication_workers": "0",
    "max_worker_processes": "1",
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "1",
    "jit": "off",
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_SETTINGS_18 = {"io_method": "sync", "autovacuum_worker_slots": "1"}


def create(place: Place, *, durable: bool) -> None:
    """Run initdb unless the cluster exists; one interrupted half-way is thrown away first.

    The super user is `supabase_admin`, text sorts by code point (`C.UTF-8`) on every machine.
    `durable` writes the new files through to the disk. Raises LocalError.
    """
    if (place.data / "PG_VERSION").exists():
        _check_version(place)
        return
    if place.data.exists() and any(place.data.iterdir()):
        raise explain(f"{place.data} is not a valid data directory", place.data)
    arriving = place.folder / "data.new"
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir(mode=0o700)
    place.give(arriving)
    finished = run_as(_initdb(place, arriving, durable=durable), place.account, place.folder)
    if finished.returncode != 0:
        shutil.rmtree(arriving, ignore_errors=True)
        raise explain(finished.stderr + finished.stdout, place.folder)
    if place.data.exists():
        place.data.rmdir()
    arriving.rename(place.data)


def _initdb(place: Place, target: Path, *, durable: bool) -> list[str | Path]:
    command: list[str | Path] = [place.binaries.program("initdb"), "-D", target]
    command += ["-U", "supabase_admin", "-E", "UTF8", "--locale=C", "--locale-provider=builtin"]
    command += ["--builtin-locale=C.UTF-8", "--data-checksums", "--wal-segsize=4"]
    if sys.platform == "win32":
        command += ["--auth=scram-sha-256", f"--pwfile={password_file(place)}"]
    else:
        command += ["--auth-local=peer", "--auth-host=reject"]
    if not durable:
        return [*command, "--no-sync"]
    # One call for the whole file system: a thousand files one by one take longer than all the rest.
    return [*command, "--sync-method=syncfs"] if sys.platform == "linux" else command


def _check_version(place: Place) -> None:
    made_by = (place.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if made_by != str(place.binaries.version[0]):
        raise LocalError(
            "other_version",
            f"The database in {place.data} was made by PostgreSQL {made_by}, but "
            f"{place.binaries.bin} is {place.binaries.text}. Name the programs of {made_by} in "
            "HANDRAIL_PG_BIN, or make a new database with `./dev db reset`.",
        )


def server_options(place: Place, host: str, settings: Mapping[str, str]) -> list[str]:
    """The `-c name=value` words for `postgres`; also writes the two files on who may log in.

    Only the user who starts the server (as root: root and nobody else) gets in, as any role: the
    kernel names who is at the other end of the socket, and the socket's folder is closed to all
    others. On Windows: loopback TCP with a random password in a file.
    """
    values = dict(_SETTINGS)
    if place.binaries.version[0] >= 18:
        values |= _SETTINGS_18
    if sys.platform == "win32":
        values |= {"listen_addresses": host}
        rule = "host all all 127.0.0.1/32 scram-sha-256\n"
        names = ""
    else:
        values |= {"listen_addresses": "", "unix_socket_directories": host}
        rule = "local all all peer map=starter\n"
        names = f'starter "{present_user()}" all\n'
    for name, content in (("hba", rule), ("ident", names)):
        file = place.folder / f"pg_{name}.conf"
        file.write_text(content, encoding="utf-8")
        file.chmod(0o644)
        values[f"{name}_file"] = str(file)
    values |= settings
    return [word for name, value in values.items() for word in ("-c", f"{name}={value}")]


def password_file(place: Place) -> Path:
    """The file with the super user's password (Windows), made at first use."""
    file = place.folder / "password"
    if not file.exists():
        file.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return file


_LONGEST_SOCKET_FOLDER = 80  # of the 104 bytes a socket's path may have on macOS; 108 on Linux


def socket_folder(place: Place) -> Path:
    """A new, empty 0700 folder for the socket: in the place or, when that path cannot be used,
    in the system's temporary folder.

    Raises LocalError `socket_folder_taken` when somebody else holds that name there.
    """
    folder = place.folder / "run"
    # Both the server and its clients take a comma for the end of the first path.
    if len(os.fsencode(folder)) > _LONGEST_SOCKET_FOLDER or "," in str(folder):
        folder = Path(tempfile.gettempdir()) / f"handrail-{short_name(place.folder)}"
    if not _is_ours(folder, place):
        raise LocalError(
            "socket_folder_taken",
            f"{folder} belongs to somebody else. Remove it, or use a data folder with a shorter "
            "path (HANDRAIL_HOME).",
        )
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    place.give(folder)
    return folder


def _is_ours(folder: Path, place: Place) -> bool:
    try:
        state = folder.lstat()
    except FileNotFoundError:
        return True
    owners = {os.geteuid(), place.account.uid if place.account else os.geteuid()}
    return stat.S_ISDIR(state.st_mode) and state.st_uid in owners
