"""Turns what PostgreSQL's programs wrote before they gave up into one clear LocalError."""

from pathlib import Path

from app.local.errors import LocalError

# What the server's English messages contain; its log language is fixed to C when it is made.
_SIGNS = (
    ("disk_full", ("No space left on device", "Disk quota exceeded", "not enough space")),
    ("no_memory", ("Cannot allocate memory", "out of memory", "could not create shared memory")),
    ("not_allowed", ("Permission denied", "Operation not permitted")),
    (
        "already_running",
        ("Is another postmaster", "pre-existing shared memory", "Is another server"),
    ),
    (
        "data_damaged",
        (
            "database files are incompatible with server",
            "could not locate a valid checkpoint",
            "could not locate required checkpoint",
            "invalid checkpoint",
            "is not a valid data directory",
            "is missing or erroneous",
            "invalid page",
            "invalid data in file",
            "incorrect checksum",
            "could not open file",
            "could not read file",
            "could not read from file",
            "could not access directory",
            "PANIC:",
        ),
    ),
)

_ADVICE = {
    "disk_full": "The disk that holds {folder} is full. Free some space and start again; "
    "nothing that was saved is lost.",
    "already_running": "Another PostgreSQL still uses {folder}. Wait a moment or stop it.",
    "data_damaged": "The database in {folder} is damaged and PostgreSQL does not start it. "
    "Restore a backup, or make a new database with `./dev db reset` (its content is lost).",
    "no_memory": "This machine has too little free memory to start PostgreSQL.",
    "not_allowed": "PostgreSQL may not use {folder}. Was it made by another user?",
    "postgres_failed": "PostgreSQL did not start in {folder}.",
}


def explain(output: str, folder: Path) -> LocalError:
    """The LocalError for a PostgreSQL program that wrote `output` and failed on `folder`.

    Code: disk_full, no_memory, not_allowed, already_running, data_damaged or postgres_failed.
    Its message ends with what PostgreSQL itself said last.
    """
    code = next(
        (code for code, signs in _SIGNS if any(sign in output for sign in signs)),
        "postgres_failed",
    )
    said = _said(output)
    advice = _ADVICE[code].format(folder=folder)
    return LocalError(code, f"{advice} PostgreSQL said: {said}" if said else advice)


def _said(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "error:" in line]
    return (telling or lines or [""])[-1][-400:]
