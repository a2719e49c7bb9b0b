"""How one device wants its screens: colours, calm, size of text. Kept on the device alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qs

SIZES: Final = (100, 125, 150, 200)
_LARGE: Final = 150


class Scheme(StrEnum):
    """Which colours somebody chose. `CONTRAST` is black and white, light or dark as the device."""

    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Look:
    """What was chosen on a device, and what the device itself asks for.

    `percent` is the size of all text, one of `SIZES`. `calm` wants no motion, no pictures that
    are not needed, and one thing at a time. The last two come from the device's own settings.
    """

    scheme: Scheme = Scheme.DEVICE
    calm: bool = False
    percent: int = SIZES[0]
    device_contrast: bool = False
    device_still: bool = False

    @property
    def contrast(self) -> bool:
        """Whether screens are black and white: chosen here, or left to a device that wants it."""
        if self.scheme is Scheme.DEVICE:
            return self.device_contrast
        return self.scheme is Scheme.CONTRAST

    @property
    def still(self) -> bool:
        """Whether nothing may move."""
        return self.calm or self.device_still

    @property
    def large(self) -> bool:
        """Whether words need the whole width of a phone: below a picture, not beside it."""
        return self.percent >= _LARGE

    @property
    def line(self) -> int:
        """How thick lines are, in logical pixels."""
        return 2 if self.contrast else 1

    def scaled(self, size: float) -> float:
        """A length that grows with the text."""
        return size * self.percent / 100

    def kept(self) -> Mapping[str, str | int | bool]:
        """What the device keeps, by the names under which `templates/look.js` finds it again."""
        return {
            "handrail.look": self.scheme.value,
            "handrail.calm": self.calm,
            "handrail.text_percent": self.percent,
        }


def look_of(query: str) -> Look:
    """The look that a browser names when it opens its socket; what is no look is the usual one."""
    told = {name: values[-1] for name, values in parse_qs(query[:200]).items()}
    percent = told.get("text", "")
    scheme = told.get("look", "")
    return Look(
        scheme=Scheme(scheme) if scheme in set(Scheme) else Scheme.DEVICE,
        calm=told.get("calm") == "1",
        percent=next((size for size in SIZES if str(size) == percent), SIZES[0]),
        device_contrast=told.get("more") == "1",
        device_still=told.get("still") == "1",
    )
