"""`./dev status`: what runs on this data folder, and who can sign in to the demo."""

import json
from typing import Any

from app.cli.paths import Paths
from app.cli.run import is_running
from app.local.runtime import read_runtime


def status(paths: Paths, *, as_json: bool) -> int:
    """Print it; 1 when nothing runs."""
    found = _found(paths)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    elif found["running"]:
        print(table(paths))
    else:
        print(f"Nothing runs on {paths.home}. ./dev run starts it.")
    return 0 if found["running"] else 1


def table(paths: Paths) -> str:
    """Where to go and how to sign in, as `./dev run` prints it."""
    found = _found(paths)
    people = found["demo"]
    lines = [f"Handrail runs: {found['app_url']}   (local Supabase: {found['api_url']})", ""]
    wide = [max(map(len, column)) for column in zip(*map(_row, people), strict=True)]
    for person in people:
        cells = (text.ljust(width) for text, width in zip(_row(person), wide, strict=True))
        lines.append("  " + "  ".join(cells).rstrip())
    if people:
        lines += ["", f"Everybody's secret: {people[0]['secret']}   (this data folder only)"]
    lines += [f"Mails are not sent; read them at {found['mail_url']}", "Stop with Ctrl-C."]
    return "\n".join(lines)


def _row(person: dict[str, str]) -> tuple[str, str, str, str]:
    return person["role"], person["login"], person["language"], person["name"]


def _found(paths: Paths) -> dict[str, Any]:
    runtime = read_runtime(paths.home) if is_running(paths.home) else None
    people = json.loads(paths.demo.read_text("utf-8")) if runtime and paths.demo.exists() else []
    return {
        "running": runtime is not None and (paths.home / "app.json").exists(),
        "app_url": paths.app_url,
        "api_url": runtime.api_url if runtime else None,
        "mail_url": f"{runtime.api_url}/mail" if runtime else None,
        "anon_key": runtime.anon_key if runtime else None,
        "postgres": runtime.version if runtime else None,
        "demo": people,
    }
