"""The local Supabase as the commands see it: its process, its folder, its keys as settings."""

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from app.cli.paths import Paths
from app.config import Settings
from app.core.seal import new_key
from app.local.runtime import Runtime, read_runtime
from app.local.serve import serve

SUPABASE = Path(__file__).resolve().parents[2] / "supabase"


def serve_local(paths: Paths) -> int:
    """Serve until standard input closes; tells the parent on standard output what it needs."""
    serve(
        paths.home,
        paths.api_port,
        SUPABASE,
        loaded=lambda: tell({"loaded": "yes"}),
        ready=lambda runtime: tell(settings_of(paths, runtime)),
        stop_with_stdin=True,
    )
    return 0


def tell(message: Mapping[str, str]) -> None:
    """One line of JSON to the process that started this one."""
    # In one piece, since another thread may have something to tell too.
    sys.stdout.write(json.dumps(dict(message)) + "\n")
    sys.stdout.flush()


def settings_of(paths: Paths, runtime: Runtime) -> dict[str, str]:
    """What the web app's environment holds when its Supabase is the local one."""
    return {
        "SUPABASE_URL": runtime.api_url,
        "SUPABASE_ANON_KEY": runtime.anon_key,
        "SUPABASE_SECRET_KEY_FILE": runtime.secret_key_file,
        "HANDRAIL_SEAL_KEYS_FILE": str(seal_key(paths.home)),
        "HANDRAIL_HOME": str(paths.home),
        "HANDRAIL_PORT": str(paths.port),
        "HANDRAIL_API_PORT": str(paths.api_port),
        "HANDRAIL_HOST": paths.host,
    }


def settings_here(paths: Paths, *needs: str) -> Settings:
    """The settings of the environment, or those of the run on this data folder.

    Raises `ConfigError` when there is neither.
    """
    runtime = None if os.environ.get("SUPABASE_URL") else read_runtime(paths.home)
    env = {**os.environ, **settings_of(paths, runtime)} if runtime else os.environ
    return Settings.read(env, needs=needs)


def seal_key(home: Path) -> Path:
    """The key that seals tokens and free text on this machine, made at first need."""
    file = home / "keys" / "seal_key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f"seal_key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(new_key("k1"), encoding="utf-8")
        # Whoever is first wins; a second start at the same moment must not replace the key.
        with contextlib.suppress(FileExistsError):
            file.hardlink_to(draft)
        draft.unlink()
    return file
