"""Putting the words of people under the current key, so that an old one can be thrown away."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.db import Db
from app.core.errors import Unexpected
from app.core.seal import Seal

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Resealed:
    """How many texts the current key seals now that another one sealed before, and how many of
    those that were looked at no key of ours opens."""

    done: int
    broken: int


async def reseal(db: Db, seal: Seal, old_keys: Sequence[str]) -> Resealed:
    """Seal anew what `old_keys` sealed, until nothing is left that can be opened.

    `db` is the door of the machine account `jobs`. May be ended and begun again at any time.
    """
    done, broken = 0, 0
    while old_keys:
        rows = await db.rpc("machine_sealed", keys=list(old_keys))
        fresh = [each for row in rows if (each := _resealed(seal, row))]
        broken = len(rows) - len(fresh)
        moved = int(await db.rpc("machine_reseal", rows=fresh)) if fresh else 0
        done += moved
        # What nobody can open would come again for ever.
        if moved == 0:
            break
    return Resealed(done, broken)


def opens(seal: Seal, row: Row) -> bool:
    """Whether a row of `machine_sealed` can be read with our keys."""
    try:
        seal.open_text(row["sealed"], *row["place"])
    except Unexpected:
        return False
    return True


def _resealed(seal: Seal, row: Row) -> dict[str, object] | None:
    if not opens(seal, row):
        return None
    words = seal.open_text(row["sealed"], *row["place"])
    return {
        "kind": row["kind"],
        "ref": row["ref"],
        "was": hashlib.md5(row["sealed"].encode(), usedforsecurity=False).hexdigest(),
        "sealed": seal.seal_text(words, *row["place"]),
    }
