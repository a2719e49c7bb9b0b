"""How what somebody chose becomes an attachment."""

import json
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.core.errors import Invalid, Unexpected
from app.core.file_types import ENDINGS, file_type
from app.core.pictures import PICTURE_TYPES, as_jpeg, bare, opened_picture
from app.messages.model import Attachment

LARGEST_FILE: Final = 10_000_000
LONGEST_NAME: Final = 80
_MOST_PIXELS: Final = 50_000_000
_SIDE: Final = 2048
_SMALL_SIDE: Final = 480
_LARGEST_SHOWN: Final = 900_000
_LARGEST_SMALL: Final = 40_000
_QUALITIES: Final = (85, 75, 60, 45, 30)
# What a file system, a header or a reader could take for something else.
_NOT_IN_NAMES: Final = re.compile(
    '[\\x00-\\x1f\\x7f-\\x9f\\\\/:*?"<>|;%\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is stored: the bytes, and for a picture the small one that stands in the thread."""

    media_type: str
    content: bytes
    small: bytes = b""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """What is sealed beside an attachment: what it is, and the `key` of its bytes."""

    key: str
    name: str
    media_type: str
    size: int
    width: int
    height: int

    def dump(self) -> str:
        return json.dumps([getattr(self, name) for name in self.__slots__])

    @classmethod
    def load(cls, text: str) -> "About":
        """Raises `Unexpected("seal_broken")` for what `dump` did not write."""
        try:
            return cls(*json.loads(text))
        except (ValueError, TypeError) as error:
            raise Unexpected("seal_broken") from error

    def attachment(self, id_: UUID) -> Attachment:
        return Attachment(id_, self.name, self.media_type, self.size, self.width, self.height)


def prepared(content: bytes) -> Prepared:
    """What of a chosen file is stored; pictures are drawn anew and say only what is seen.

    It may take a second and 300 MB: call it in a thread. Raises `Invalid` with `empty`,
    `too_large`, `type_not_allowed` or `picture_broken`.
    """
    if not content:
        raise Invalid("empty")
    if len(content) > LARGEST_FILE:
        raise Invalid("too_large", {"longest": LARGEST_FILE})
    media_type = file_type(content)
    if media_type not in PICTURE_TYPES:
        return Prepared(media_type, content)
    with opened_picture(content, _MOST_PIXELS, _SIDE) as picture:
        picture.thumbnail((_SIDE, _SIDE))
        shown = bare(picture)
        small = shown.copy()
        small.thumbnail((_SMALL_SIDE, _SMALL_SIDE))
        return Prepared(
            "image/jpeg",
            as_jpeg(shown, _QUALITIES, _LARGEST_SHOWN),
            as_jpeg(small, _QUALITIES, _LARGEST_SMALL),
            *shown.size,
        )


def file_name(given: str, media_type: str) -> str:
    """A name that is safe to store a file under, with the ending of what the file is."""
    stem = given.rsplit("/", 1)[-1]
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    stem = " ".join(_NOT_IN_NAMES.sub(" ", stem).split()).strip(". ")
    return f"{stem[:LONGEST_NAME].rstrip() or 'file'}.{ENDINGS[media_type]}"
