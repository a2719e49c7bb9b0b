"""A picture that somebody sent becomes a small square one that says nothing but what is seen."""

import io
import threading
from typing import Final

from PIL import Image, ImageOps

from app.core.errors import Invalid
from app.core.files import file_type

LARGEST_PICTURE: Final = 5_000_000
PICTURE_TYPES: Final = ("image/jpeg", "image/png", "image/webp")
SIDE: Final = 256
LARGEST_PORTRAIT: Final = 40_000
_MOST_PIXELS: Final = 30_000_000
_QUALITIES: Final = (85, 70, 55, 40, 25)
_ONE_AT_A_TIME: Final = threading.Lock()

# Ours is lower, is an error and not a warning, and is asked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


def portrait(content: bytes) -> bytes:
    """The middle of the picture, upright, as a JPEG of `SIDE` pixels without any metadata.

    It may take a second and 300 MB: call it in a thread; only one runs at a time. Raises `Invalid`
    with `empty`, `too_large`, `type_not_allowed` or `picture_broken`.
    """
    if not content:
        raise Invalid("empty")
    if len(content) > LARGEST_PICTURE:
        raise Invalid("too_large", {"longest": LARGEST_PICTURE})
    media_type = file_type(content)
    if media_type not in PICTURE_TYPES:
        raise Invalid("type_not_allowed")
    try:
        with Image.open(io.BytesIO(content), formats=(media_type[6:].upper(),)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise Invalid("too_large", {"most_pixels": _MOST_PIXELS})
            with _ONE_AT_A_TIME:
                return _written(_square(picture))
    except Invalid:
        raise
    except Exception as error:
        # What strange bytes do to a decoder is no closed list of errors.
        raise Invalid("picture_broken") from error


def _square(picture: Image.Image) -> Image.Image:
    # A JPEG is decoded no larger than needed; other kinds do not mind being asked.
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    small = ImageOps.fit(picture.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(small)
    # A new picture, since the old one carries along what it was read from.
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright)
    return clean


def _written(picture: Image.Image) -> bytes:
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= LARGEST_PORTRAIT:
            break
    return buffer.getvalue()
