"""Why a socket was closed: the numbers our host page and the server agree on."""

from enum import IntEnum


class Close(IntEnum):
    """Close codes; 1000–1999 have the protocol's own meaning, 4000 and up are ours."""

    GONE = 1001
    NOT_UNDERSTOOD = 1003
    NOT_ACCEPTABLE = 1008
    TOO_BIG = 1009
    RESTARTING = 1012
    TRY_LATER = 1013
    SIGNED_OUT = 4401
    TOO_SLOW = 4408
    NO_SESSION = 4410
    LOCKED = 4423
    TOO_MANY = 4429
