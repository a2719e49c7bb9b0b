"""The commands and their arguments. Each command's work is in a module of its own, imported late:
`./dev i18n` need not wait for Flet."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

from app.cli.paths import BadPaths, Paths
from app.config import ConfigError
from app.core.errors import AppError
from app.local.errors import LocalError


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code. Problems become one line, never a traceback."""
    options = _parser().parse_args(arguments)
    try:
        return int(_COMMANDS[options.command](options) or 0)
    except (BadPaths, ConfigError, LocalError) as error:
        _tell(options.command, str(error))
    except AppError as error:
        _tell(options.command, f"that did not work: {error.code}.")
    except KeyboardInterrupt:
        return 130
    return 1


def _tell(command: str, problem: str) -> None:
    if command in ("local", "local-app"):
        print(json.dumps({"problem": problem}), flush=True)
    else:
        print(f"dev: {problem}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run")
    commands.add_parser("serve")
    commands.add_parser("jobs")
    # The two children of `run`; they take their settings and their end from standard input.
    commands.add_parser("local")
    commands.add_parser("local-app")
    status = commands.add_parser("status")
    status.add_argument("--json", action="store_true")
    commands.add_parser("settings")
    keys = commands.add_parser("keys")
    keys.add_argument("what", choices=("rotate", "verify"))
    build = commands.add_parser("build")
    build.add_argument("--quick", action="store_true", help="larger copies, in seconds")
    build.add_argument("--apart", action="store_true", help="for the app: end with it")
    database = commands.add_parser("db")
    database.add_argument("what", choices=("reset", "migrate", "seed"))
    words = commands.add_parser("i18n")
    words.add_argument("what", choices=("extract", "check", "compile"))
    organisation = commands.add_parser("org").add_subparsers(dest="what", required=True)
    create = organisation.add_parser("create")
    create.add_argument("name")
    create.add_argument("--town", required=True)
    create.add_argument("--country", required=True, help="two letters, e.g. DE")
    create.add_argument("--coordinator-mail", required=True)
    create.add_argument("--coordinator-name", default="Coordinator")
    create.add_argument("--language", default="en")
    create.add_argument("--time-zone", default="Europe/Berlin")
    machine = commands.add_parser("machine").add_subparsers(dest="what", required=True)
    machine.add_parser("create").add_argument("kind", choices=("live", "jobs"))
    return parser


def _run(options: argparse.Namespace) -> int:
    from app.cli.run import run

    return run(Paths.read())


def _serve(options: argparse.Namespace) -> int:
    from app.cli.serve import serve

    return serve()


def _jobs(options: argparse.Namespace) -> int:
    from app.cli.serve import run_jobs

    return run_jobs()


def _local(options: argparse.Namespace) -> int:
    from app.cli.local import serve_local

    return serve_local(Paths.read())


def _local_app(options: argparse.Namespace) -> int:
    from app.cli.serve import serve_beside_local

    return serve_beside_local()


def _status(options: argparse.Namespace) -> int:
    from app.cli.status import status

    return status(Paths.read(), as_json=options.json)


def _database(options: argparse.Namespace) -> int:
    from app.cli import database

    return database.COMMANDS[options.what](Paths.read())


def _words(options: argparse.Namespace) -> int:
    from app.cli import words

    if options.what == "check":
        wrong = words.check()
        print("\n".join(wrong) or "The catalogues are complete.")
        return 1 if wrong else 0
    done = words.extract() if options.what == "extract" else words.compile_catalogues()
    print("\n".join(done) or "Nothing to do.")
    return 0


def _organisation(options: argparse.Namespace) -> int:
    from app.cli.found import create_organisation

    return asyncio.run(create_organisation(options))


def _machine(options: argparse.Namespace) -> int:
    from app.cli.found import create_machine

    return asyncio.run(create_machine(options.kind))


def _build(options: argparse.Namespace) -> int:
    from app.cli.build import make

    return make(Paths.read(), best=not options.quick, apart=options.apart)


def _keys(options: argparse.Namespace) -> int:
    from app.cli import keys

    if options.what == "rotate":
        return keys.rotate(Paths.read())
    return asyncio.run(keys.verify(Paths.read()))


def _settings(options: argparse.Namespace) -> int:
    from app.cli.settings_page import page

    print(page(), end="")
    return 0


_COMMANDS = {
    "run": _run,
    "serve": _serve,
    "jobs": _jobs,
    "local": _local,
    "local-app": _local_app,
    "status": _status,
    "build": _build,
    "settings": _settings,
    "keys": _keys,
    "db": _database,
    "i18n": _words,
    "org": _organisation,
    "machine": _machine,
}
