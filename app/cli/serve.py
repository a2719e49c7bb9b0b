"""The processes that serve people: `serve` and `jobs` for real, `local-app` under `./dev run`."""

import asyncio
import json
import os
import secrets
import sys
from pathlib import Path

from app.cli.local import tell
from app.cli.loop import run
from app.cli.paths import Paths
from app.cli.sign_ins import MACHINE_KINDS, keep_private, open_sign_ins
from app.cli.status import table
from app.cli.web import serve as serve_web
from app.cli.web import stop_on_signals
from app.config import ConfigError, Settings
from app.contact.jobs import contact_jobs
from app.core.http import open_backend
from app.core.jobs import Runner, core_jobs
from app.core.logs import log_fault, set_up_logs
from app.core.machine import MachineClient
from app.core.seal import Seal
from app.demo.organisation import build
from app.messages.jobs import message_jobs
from app.server import Served

_READY_SECONDS = 5.0


def serve() -> int:
    """A web app process with the settings of the environment, until SIGTERM."""
    needs = ["HANDRAIL_MACHINE_LIVE"]
    if os.environ.get("HANDRAIL_JOBS", "apart") == "inside":
        needs.append("HANDRAIL_MACHINE_JOBS")
    settings = Settings.read(os.environ, needs=needs)
    set_up_logs(settings.log)
    run(serve_web(settings, ready=_nothing))
    return 0


def run_jobs() -> int:
    """The jobs process, until SIGTERM."""
    settings = Settings.read(os.environ, needs=["HANDRAIL_MACHINE_JOBS"])
    set_up_logs(settings.log)
    run(_jobs(settings))
    return 0


async def _jobs(settings: Settings) -> None:
    stop = asyncio.Event()
    stop_on_signals(stop)
    if settings.machine_jobs is None:
        raise ConfigError(["HANDRAIL_MACHINE_JOBS is missing."])
    async with open_backend(settings) as backend:
        machine = MachineClient(backend, settings.machine_jobs)
        core = core_jobs(machine, Seal(settings.seal_keys))
        jobs = [*core, *contact_jobs(machine), *message_jobs(machine)]
        runner = Runner(jobs, report=machine.report)
        runner.start()
        await stop.wait()
        await runner.stop()
        await machine.close()


def serve_beside_local() -> int:
    """The web app of `./dev run`: waits for the settings on standard input, makes what the first
    start needs, serves, builds the demo. Ends when standard input closes."""
    line = sys.stdin.readline()
    if not line:
        return 0
    run(_serve_beside_local(json.loads(line)))
    return 0


async def _serve_beside_local(told: dict[str, str]) -> None:
    env = {**os.environ, **told, "HANDRAIL_JOBS": "inside", "HANDRAIL_DRAIN_SECONDS": "0"}
    paths = Paths.read()
    machines = await _machines(Settings.read(env), paths)
    settings = Settings.read({**env, **machines})
    set_up_logs(settings.log, sys.stderr)
    demo: list[asyncio.Task[None]] = []

    def ready(served: Served) -> None:
        keep_private(paths.home / "app.json", {"app_url": paths.app_url, "pid": os.getpid()})
        demo.append(asyncio.create_task(_demo(settings, paths, served)))

    try:
        await serve_web(settings, ready=ready, ends_with_input=True)
    finally:
        (paths.home / "app.json").unlink(missing_ok=True)


async def _machines(settings: Settings, paths: Paths) -> dict[str, str]:
    """The local machine accounts as settings, made at the first start on this data."""
    file = paths.home / "machines.json"
    if not file.exists():
        async with open_sign_ins(settings) as sign_ins:
            made = await asyncio.gather(*map(sign_ins.create_machine, MACHINE_KINDS))
        names = [f"HANDRAIL_MACHINE_{kind.upper()}" for kind in MACHINE_KINDS]
        keep_private(file, dict(zip(names, made, strict=True)))
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


async def _demo(settings: Settings, paths: Paths, served: Served) -> None:
    """Build the demo once, then tell who can sign in."""
    try:
        if not paths.demo.exists():
            # Hashing a dozen secrets keeps both cores busy: the app itself comes first.
            await served.wait_until_ready(_READY_SECONDS)
            async with open_sign_ins(settings) as sign_ins:
                people = await build(sign_ins, _secret(), Seal(settings.seal_keys))
            keep_private(paths.demo, [person.as_json() for person in people])
        tell({"table": table(paths)})
    except Exception as error:
        log_fault("demo_failed", error)
        tell({"table": f"The app runs at {paths.app_url}, but the demo could not be built."})


def _secret() -> str:
    """One secret for all demo people of this data folder, easy to type."""
    words = Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split()
    return "-".join([*(secrets.choice(words) for _ in range(3)), str(secrets.randbelow(90) + 10)])


def _nothing(served: Served) -> None:
    pass
