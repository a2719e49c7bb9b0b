"""Archives as people send them, good and bad."""

import io
import zipfile


def office(*names: str) -> bytes:
    """A document of an office program with these parts."""
    return _packed({"[Content_Types].xml": b"<Types/>", **dict.fromkeys(names, b"<x/>")})


def plain_zip() -> bytes:
    """An archive that is no document."""
    return _packed({"tool.exe": b"MZ"})


def unpacks_to(size: int) -> bytes:
    """A document of some kB that becomes this large."""
    return _packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": bytes(size)})


def _packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()
