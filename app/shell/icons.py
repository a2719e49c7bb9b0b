"""The icon font, cut to what is drawn: 8,600 pictures are there, some hundred are used.

Flet sends an icon as its place in a list; the compiled client holds that list and the font's code
point of each entry. Both the client's own icons (the arrow of a list, the cross of a field) and
those that our code names are found by reading, never kept by hand.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Final

_WRITTEN: Final = re.compile(r"\bft\.Icons\.([A-Z][A-Z0-9_]*)")
_CONSTANT: Final = re.compile(r'(B\.[\w$]+)=new A\.\w+\((\d+),"MaterialIcons",null,![01]\)')
_LIST: Final = re.compile(r"\[(?:B\.[\w$]+,){4000,}B\.[\w$]+\]")
_NAME: Final = re.compile(r"B\.[\w$]+")
# An icon on the wire: its set in the upper bits, its place in the set's list in these.
_PLACE: Final = 0xFFFF


class IconError(Exception):
    """An icon that is not there, or a client of another shape."""


def icons_used(code: Path) -> frozenset[str]:
    """The names that the Python files below `code` write out as attributes of Flet's `Icons`.

    A gate in the tests keeps every other way of choosing an icon out.
    """
    return frozenset(
        name
        for file in code.rglob("*.py")
        for name in _WRITTEN.findall(file.read_text(encoding="utf-8"))
    )


def cut(font: bytes, client: str, names: Iterable[str]) -> bytes:
    """`font` with nothing but the icons `names` and those that the compiled `client` draws itself.

    Raises `IconError` if the client is not the one that goes with the installed Flet, or has no
    icon of such a name.
    """
    # Late: at every start a list of names is all that is needed.
    from fontTools import subset
    from fontTools.ttLib import TTFont

    points = {*code_points(client, names).values(), *own_points(client)}
    options = subset.Options(layout_features=[], notdef_outline=True, drop_tables=["GSUB", "GPOS"])
    whole = TTFont(BytesIO(font))
    missing = points - whole.getBestCmap().keys()
    if missing:
        raise IconError(f"not in the icon font: {', '.join(map(hex, sorted(missing)))}")
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(whole)
    target = BytesIO()
    whole.save(target)
    return target.getvalue()


def code_points(client: str, names: Iterable[str]) -> dict[str, int]:
    """Name → where the client looks for it in the font. Raises `IconError` as `cut` does."""
    points, listed, _ = _read(client)
    places = _places()
    found: dict[str, int] = {}
    for name in names:
        place = places.get(name)
        point = None if place is None or place >= len(listed) else points.get(listed[place])
        if point is None:
            raise IconError(f"Flet has no icon {name}")
        found[name] = point
    return found


def own_points(client: str) -> set[int]:
    """Where the client looks for the icons that it draws by itself: those it names besides the
    definition and the list."""
    points, _, rest = _read(client)
    times = Counter(_NAME.findall(rest))
    return {point for constant, point in points.items() if times[constant] > 1}


def _read(client: str) -> tuple[dict[str, int], list[str], str]:
    """Constant → code point, the list that icons are sent as places of, and the client without it.

    The compiler's names change with each build; the shape of what it writes does not.
    """
    points = {name: int(point) for name, point in _CONSTANT.findall(client)}
    lists = [each for each in _LIST.finditer(client) if points.keys() & _NAME.findall(each[0])[:1]]
    if not points or len(lists) != 1:
        raise IconError(f"main.dart.js has another shape: {len(points)} icons, {len(lists)} lists")
    [found] = lists
    return points, _NAME.findall(found[0]), client[: found.start()] + client[found.end() :]


def _places() -> dict[str, int]:
    """Name → place in the client's list, as the installed Flet sends it."""
    flet = find_spec("flet")
    if flet is None or not flet.submodule_search_locations:
        raise IconError("Flet is not installed")
    table = Path(flet.submodule_search_locations[0]) / "controls" / "material" / "icons.json"
    places: dict[str, int] = json.loads(table.read_text(encoding="utf-8"))
    return {name: place & _PLACE for name, place in places.items()}
