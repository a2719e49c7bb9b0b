"""Names of buckets and objects, and the types a bucket takes.

The alphabet is upstream's (supabase/storage src/storage/limits.ts). Beyond upstream, a name
has no empty, ``.`` or ``..`` parts and at most 1024 bytes, so that it means one thing everywhere.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote

from app.local.storage import errors

LONGEST_NAME = 1024
LONGEST_BUCKET = 100

_NAME = re.compile(r"[A-Za-z0-9_/!.*'() &$=@;:+,?-]+")
_BUCKET = re.compile(r"[A-Za-z0-9_!.*'() &$=@;:+,?-]+")


def object_name(name: str) -> str:
    """The name itself when it is a good one; raises StorageError else."""
    parts = name.split("/")
    bad_part = any(part in ("", ".", "..") for part in parts)
    if len(name) > LONGEST_NAME or bad_part or not _NAME.fullmatch(name):
        raise errors.invalid_key(name[:LONGEST_NAME])
    return name


def bucket_name(name: str) -> str:
    """The name itself when it is a good one; raises StorageError else."""
    if len(name) > LONGEST_BUCKET or not _BUCKET.fullmatch(name):
        raise errors.invalid_bucket()
    return name


def check_mime_type(mime_type: str, allowed: Sequence[str]) -> None:
    """Raise StorageError unless the bucket takes this type; an empty list takes every type.

    What no header can carry is no type: nobody could ever download the object.
    """
    if not mime_type.isprintable():
        raise errors.invalid_mime_type(mime_type)
    if not allowed:
        return
    kind, slash, detail = mime_type.partition("/")
    if not slash or not any(pattern in (f"{kind}/*", f"{kind}/{detail}") for pattern in allowed):
        raise errors.invalid_mime_type(mime_type)


def is_folder_placeholder(name: str) -> bool:
    """Whether this empty object only keeps a folder visible, as Supabase Studio makes them."""
    return name.endswith(".emptyFolderPlaceholder")


def content_disposition(download: str) -> str:
    """The header that makes a browser save the object, under this name unless it is empty."""
    if not download:
        return "attachment;"
    encoded = quote(download, safe="!~*'()", errors="replace")
    return f"attachment; filename={encoded}; filename*=UTF-8''{encoded}"
