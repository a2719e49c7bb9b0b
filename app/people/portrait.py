"""A picture that somebody sent becomes a small square one that says nothing but what is seen."""

from typing import Final

from PIL import Image, ImageOps

from app.core.errors import Invalid
from app.core.pictures import as_jpeg, bare, opened_picture

LARGEST_PICTURE: Final = 5_000_000
SIDE: Final = 256
LARGEST_PORTRAIT: Final = 40_000
_MOST_PIXELS: Final = 30_000_000
_QUALITIES: Final = (85, 70, 55, 40, 25)


def portrait(content: bytes) -> bytes:
    """The middle of the picture, upright, as a JPEG of `SIDE` pixels without any metadata.

    It may take a second and 300 MB: call it in a thread; only one runs at a time. Raises `Invalid`
    with `empty`, `too_large`, `type_not_allowed` or `picture_broken`.
    """
    if not content:
        raise Invalid("empty")
    if len(content) > LARGEST_PICTURE:
        raise Invalid("too_large", {"longest": LARGEST_PICTURE})
    with opened_picture(content, _MOST_PIXELS, 2 * SIDE) as picture:
        small = ImageOps.fit(picture.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)
        # Fitting keeps what the camera said about which side is up.
        return as_jpeg(bare(small), _QUALITIES, LARGEST_PORTRAIT)
