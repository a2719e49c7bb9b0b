"""Makes the copies of the engine that phones pay least for: `./dev build`, and by itself at start.

The best copies take two minutes of one core, once for each version of the engine. So the app starts
this in a process of its own that takes only what nobody else needs, and serves what is there.
"""

from collections.abc import Callable, Iterator
from functools import partial

from app.shell.copies import BEST, CUT, GZIP, QUICK, Copy
from app.shell.engine import CLIENT, ICON_FONT, Engine, File
from app.shell.icons import cut

Told = Callable[[str, float], None]
"""What is made now, and which part of it is done, from 0 to 1."""


def missing(engine: Engine, *, best: bool) -> Iterator[tuple[str, Copy]]:
    """The copies that are not there yet, in the order in which they are made: first something for
    everybody soon, then, with `best`, the smallest."""
    copies = engine.copies
    if copies is None:
        return
    gaining = {name: file.key for name, file in engine.files.items() if file.gains}
    if engine.icons and not copies.has(engine.files[ICON_FONT].key, CUT):
        yield ICON_FONT, CUT
    for wanted in (QUICK, GZIP, *([BEST] if best else [])):
        for name, key in gaining.items():
            done = copies.has(key, wanted) or (wanted is QUICK and copies.has(key, BEST))
            if not done:
                yield name, wanted


def build(engine: Engine, *, best: bool, tell: Told) -> int:
    """Makes what is missing and removes the copies of versions that are gone; returns how many were
    made. Any number of processes may do this at once: each copy is made once."""
    copies = engine.copies
    if copies is None:
        return 0
    made = 0
    with copies.alone():
        for name, copy in missing(engine, best=best):
            file = engine.files[name]
            said = f"{name} ({copy.ending})"
            tell(said, 0.0)
            content = _content(engine, name, file, copy)
            copies.write(file.key, copy, content, partial(tell, said))
            tell(said, 1.0)
            made += 1
        copies.remove_others(file.key for file in engine.files.values())
    return made


def _content(engine: Engine, name: str, file: File, copy: Copy) -> bytes:
    if name != ICON_FONT or not engine.icons:
        return file.read()
    copies = engine.copies
    if copy is not CUT and copies and (found := copies.find(file.key, "identity")):
        return found[0].read_bytes()
    return cut(file.read(), engine.files[CLIENT].read().decode(), engine.icons)
