"""Pictures as people send them, good and bad."""

import io
import struct
import zlib

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)
_ORIENTATION, _GPS = 0x0112, 0x8825
_UPSIDE_DOWN = 3


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    """Red above, blue below."""
    return encoded(two_halves(size), kind, **options)


def two_halves(size: tuple[int, int] = (640, 480)) -> Image.Image:
    drawn = Image.new("RGB", size, BLUE)
    drawn.paste(RED, (0, 0, size[0], size[1] // 2))
    return drawn


def encoded(drawn: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    drawn.save(buffer, kind, **options)
    return buffer.getvalue()


def from_a_phone(kind: str = "JPEG") -> bytes:
    """Held upside down, with the place, the camera and a remark in it."""
    exif = Image.Exif()
    exif[_ORIENTATION] = _UPSIDE_DOWN
    exif[0x010F] = "Telltale Camera"
    exif.get_ifd(_GPS)[1] = "N"
    exif.get_ifd(_GPS)[2] = (52.0, 31.0, 12.0)
    return picture(kind, exif=exif, comment=b"Telltale remark")


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few kB that says it has thousands of millions of dots."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checked = name + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def too_heavy(size: int) -> bytes:
    """A sound JPEG of this many bytes."""
    sound = picture()
    return sound + bytes(size - len(sound))
