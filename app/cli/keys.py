"""`./dev keys`: a new key for the words people write, and which keys are in use."""

import json
import os
from pathlib import Path
from typing import Final

from app.cli.local import seal_key, settings_here
from app.cli.paths import Paths
from app.config import Account, ConfigError, Settings
from app.config_values import account, keys
from app.core.db import Db
from app.core.http import open_backend
from app.core.machine import MachineClient
from app.core.reseal import opens
from app.core.seal import Seal, new_key

# These are not sealed anew by a job: who has them signs in again when their key is gone.
_BY_THEMSELVES: Final = frozenset({"devices", "bindings"})


def rotate(paths: Paths) -> int:
    """Put a new key first in the file of the keys, or print it where there is no file."""
    written = os.environ.get("HANDRAIL_SEAL_KEYS")
    named = os.environ.get("HANDRAIL_SEAL_KEYS_FILE")
    file = None if written else Path(named) if named else seal_key(paths.home)
    text = written or (file.read_text(encoding="utf-8") if file else "")
    known = keys(text)
    fresh = new_key(_next_id(list(known)))
    if file:
        _write(file, f"{fresh},{text.strip()}")
        print(f"{fresh.partition(':')[0]} is the first key in {file} now. Keep a copy elsewhere:")
        print("without its keys nobody can read what people have written.")
    else:
        print("Put this before the other keys in HANDRAIL_SEAL_KEYS, and keep a copy elsewhere:")
        print(f"  {fresh}")
    print("Start the app again: from then on it seals with the new key, and the jobs put the rest")
    print("under it within the hour. Then ./dev keys verify says which keys can go.")
    return 0


async def verify(paths: Paths) -> int:
    """Print which keys are in use and whether we have them; 1 when something cannot be read."""
    settings = settings_here(paths)
    seal = Seal(settings.seal_keys)
    async with open_backend(settings) as backend:
        machine = MachineClient(backend, _jobs_account(settings, paths))
        try:
            used: list[dict[str, str]] = await machine.db.rpc("machine_keys")
            wrong = [line for each in used if (line := await _looked_at(machine.db, seal, each))]
        finally:
            await machine.close()
    print("\n".join(wrong) or "Everything that was looked at can be read.")
    for key in seal.old_keys:
        kinds = {each["kind"] for each in used if each["key"] == key}
        print(_verdict(key, kinds))
    return 1 if wrong else 0


async def _looked_at(db: Db, seal: Seal, used: dict[str, str]) -> str:
    """Opens up to 100 texts of one kind and key; what is wrong with them, or nothing."""
    kind, key = used["kind"], used["key"]
    if key not in seal.key_ids:
        return f"{kind}: the key {key} is missing."
    if kind in _BY_THEMSELVES:
        return ""
    rows = [row for row in await db.rpc("machine_sealed", keys=[key]) if row["kind"] == kind]
    broken = sum(not opens(seal, row) for row in rows)
    return f"{kind}: {broken} of {len(rows)} texts sealed with {key} cannot be opened." * bool(
        broken
    )


def _verdict(key: str, kinds: set[str]) -> str:
    if kinds - _BY_THEMSELVES:
        return f"{key} still seals {', '.join(sorted(kinds - _BY_THEMSELVES))}: keep it."
    if kinds:
        return f"{key} seals only sign-ins: when it goes, some people sign in again."
    return f"{key} is not in use any more and can go."


def _jobs_account(settings: Settings, paths: Paths) -> Account:
    if settings.machine_jobs:
        return settings.machine_jobs
    file = paths.home / "machines.json"
    if not file.exists():
        raise ConfigError(["HANDRAIL_MACHINE_JOBS is missing."])
    made: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return account(made["HANDRAIL_MACHINE_JOBS"])


def _next_id(ids: list[str]) -> str:
    number = len(ids) + 1
    while f"k{number}" in ids:
        number += 1
    return f"k{number}"


def _write(file: Path, text: str) -> None:
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
