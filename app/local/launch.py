"""Runs a PostgreSQL program as another user and, on Linux, for as long as its starter lives.

A script of its own, executed with `python -I -S`, because both things must happen between fork
and exec, where a process with threads must not run Python.

Arguments: uid or "-", gid or "-", pid of the starter or 0 (then the program may outlive it),
working folder, program, its arguments. Exit code 125: could not become that user or enter that
folder; 126: could not execute the program.
"""

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ctypes

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Never returns: becomes the program, or exits with one of the codes above."""
    uid, gid, starter, folder, *command = arguments
    # Loaded first: the other user may not be allowed to read Python's own folder.
    c_library = _c_library() if starter != "0" else None
    try:
        if uid != "-":
            os.setgroups([])
            os.setgid(int(gid))
            os.setuid(int(uid))
        os.chdir(folder)
        os.umask(0o077)
        if c_library is not None:
            # After the change of user, which would undo it.
            c_library.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
            if os.getppid() != int(starter):
                sys.exit(0)
    except OSError as error:
        _fail(125, error)
    try:
        os.execv(command[0], command)  # noqa: S606  (our own words, no shell)
    except OSError as error:
        _fail(126, error)


def _c_library() -> "ctypes.CDLL | None":
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    return ctypes.CDLL(None)


def _fail(code: int, error: OSError) -> None:
    sys.stderr.write(f"launch: {error}\n")
    sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
