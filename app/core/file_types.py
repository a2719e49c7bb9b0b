"""What a file is, by its own bytes: names and headers are what somebody claims."""

import io
import zipfile
from collections.abc import Iterable
from typing import Final

import puremagic

from app.core.errors import Invalid

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."
_WORD: Final = f"{_OFFICE}wordprocessingml.document"
ENDINGS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    _WORD: "docx",
    f"{_OFFICE}spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}presentationml.presentation": "pptx",
    f"{_OPEN}text": "odt",
    f"{_OPEN}spreadsheet": "ods",
    f"{_OPEN}presentation": "odp",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "audio/webm": "webm",
    "video/mp4": "mp4",
}
"""The media types the app takes, and how the name of such a file ends."""

# Sounds lie in the same boxes as films.
_SAME: Final = {"video/webm": "audio/webm", "application/ogg": "audio/ogg"}
_FOLDERS: Final = {"word/": _WORD, "xl/": f"{_OFFICE}spreadsheetml.sheet"} | {
    "ppt/": f"{_OFFICE}presentationml.presentation"
}
_MOST_ENTRIES: Final = 5_000
_MOST_UNPACKED: Final = 100_000_000
_LONGEST_TYPE: Final = 100


def file_type(content: bytes) -> str:
    """The media type, one of `ENDINGS`.

    Raises `Invalid` with `type_not_allowed` for everything else, and with `too_large` for a
    document that says it becomes more than 100 MB when it is unpacked. It does not prove that the
    rest of the file is sound: pictures are re-encoded before they are stored.
    """
    try:
        # What stands at the end of a file may belong to another one behind it.
        found = [each for each in puremagic.magic_string(content) if each.offset >= 0]
    except (puremagic.PureError, ValueError):
        found = []
    named = [each for each in found if each.mime_type]
    surest = max((each.confidence for each in named), default=0.0)
    told = {str(each.mime_type) for each in named if each.confidence == surest}
    if _WORD in told:
        # Every archive looks like a document until it is opened.
        return _document(content)
    for media_type in sorted(_SAME.get(each, each) for each in told):
        if media_type in ENDINGS:
            return media_type
    raise Invalid("type_not_allowed")


def _document(content: bytes) -> str:
    """Which document an archive is, without unpacking it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if (
                len(entries) > _MOST_ENTRIES
                or sum(each.file_size for each in entries) > _MOST_UNPACKED
            ):
                raise Invalid("too_large", {"longest": _MOST_UNPACKED})
            return _named(archive, entries)
    except Invalid:
        raise
    except Exception as error:
        # What strange bytes do to a reader is no closed list of errors.
        raise Invalid("type_not_allowed") from error


def _named(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]) -> str:
    names = {each.filename for each in entries}
    # Macros are programs.
    if not any(name.endswith("vbaProject.bin") for name in names):
        if "[Content_Types].xml" in names:
            for folder, media_type in _FOLDERS.items():
                if any(name.startswith(folder) for name in names):
                    return media_type
        if "mimetype" in names and archive.getinfo("mimetype").file_size <= _LONGEST_TYPE:
            media_type = archive.read("mimetype").decode("ascii", "replace").strip()
            if media_type.startswith(_OPEN) and media_type in ENDINGS:
                return media_type
    raise Invalid("type_not_allowed")
