"""A picture that somebody sent becomes one that says nothing but what is seen."""

import contextlib
import io
import threading
from collections.abc import Iterator, Sequence
from typing import Final

from PIL import Image, ImageOps

from app.core.errors import Invalid
from app.core.file_types import file_type

PICTURE_TYPES: Final = ("image/jpeg", "image/png", "image/webp")
_ONE_AT_A_TIME: Final = threading.Lock()

# Ours is lower, is an error and not a warning, and is asked before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


@contextlib.contextmanager
def opened_picture(content: bytes, most_pixels: int, side: int) -> Iterator[Image.Image]:
    """The picture, ready to be decoded, to be shown no larger than `side` pixels.

    It may take a second and 300 MB: use it in a thread; only one is open at a time. Raises
    `Invalid` with `type_not_allowed`, `too_large` (field `most_pixels`), or `picture_broken` for
    whatever goes wrong with it in the block.
    """
    media_type = file_type(content)
    if media_type not in PICTURE_TYPES:
        raise Invalid("type_not_allowed")
    try:
        with Image.open(io.BytesIO(content), formats=(media_type[6:].upper(),)) as picture:
            if picture.width * picture.height > most_pixels:
                raise Invalid("too_large", {"most_pixels": most_pixels})
            with _ONE_AT_A_TIME:
                # A JPEG is decoded no larger than needed; other kinds do not mind being asked.
                picture.draft("RGB", (side, side))
                yield picture
    except Invalid:
        raise
    except Exception as error:
        # What strange bytes do to a decoder is no closed list of errors.
        raise Invalid("picture_broken") from error


def bare(picture: Image.Image) -> Image.Image:
    """The same picture upright on white, without any metadata."""
    upright = ImageOps.exif_transpose(picture.convert("RGBA"))
    # A new picture, since the old one carries along what it was read from.
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright)
    return clean


def as_jpeg(picture: Image.Image, qualities: Sequence[int], most_bytes: int) -> bytes:
    """As JPEG in the first of `qualities` that needs no more than `most_bytes`, or the last."""
    for quality in qualities:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= most_bytes:
            break
    return buffer.getvalue()
