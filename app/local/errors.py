"""What the local Supabase says when it cannot go on."""


class LocalError(Exception):
    """A state of this machine that stops the local Supabase and that a person can change.

    `code` is stable, in snake case, for programs (`already_running`, `disk_full`, ...);
    `str(error)` is one short paragraph for a terminal, without a traceback's vocabulary.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
