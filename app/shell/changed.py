"""What is changed in the files of Flet's web client before a browser gets them."""

import json
import re
from typing import Final

BOOTSTRAP: Final = "flutter_bootstrap.js"
FONT_MANIFEST: Final = "assets/FontManifest.json"
_SERVICE_WORKER: Final = re.compile(r"\n\s*serviceWorkerSettings:\s*\{.*?\n\s*\},", re.DOTALL)
_CONFIG: Final = re.compile(r"\bflutterConfig = \{")
_UNUSED_FONTS: Final = ("packages/flutter_math_fork/", "packages/cupertino_icons/")


class EngineError(Exception):
    """The installed Flet is not the one this was made for."""


def without_service_worker(bootstrap: str) -> str:
    """Flutter's start script, without its stub worker that would replace ours on every load.

    Raises `EngineError` if the script has another shape.
    """
    return _once(_SERVICE_WORKER, "", bootstrap)


def on_one_thread(bootstrap: str) -> str:
    """Flutter's start script, drawing where it lays out text and nowhere else.

    With a second thread both write to one table of letters without a lock, and the page stands
    still for ever on a busy core: about one first screen in three hundred, on two cores
    (https://github.com/flutter/flutter/issues/190039). Raises `EngineError` as above.
    """
    return _once(_CONFIG, "flutterConfig = {\n    forceSingleThreadedSkwasm: true,", bootstrap)


def slim_fonts(manifest: str) -> str:
    """The list of fonts to load at start: with Roboto, without formulas and Apple's icons.

    Raises `EngineError` if the list has another shape.
    """
    families = [
        family for family in json.loads(manifest) if not family["family"].startswith(_UNUSED_FONTS)
    ]
    if not any(family["family"] == "MaterialIcons" for family in families):
        raise EngineError(f"{FONT_MANIFEST} has another shape: no MaterialIcons")
    families.append({"family": "Roboto", "fonts": [{"asset": "fonts/roboto.woff2"}]})
    return json.dumps(families)


def _once(pattern: re.Pattern[str], instead: str, bootstrap: str) -> str:
    changed, count = pattern.subn(instead, bootstrap)
    if count != 1:
        raise EngineError(f"{BOOTSTRAP} has another shape: {pattern.pattern} found {count}x")
    return changed
