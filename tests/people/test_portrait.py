"""What becomes of a picture: small, square, upright, and silent about where it was taken."""

import io
import os
from collections.abc import Callable
from typing import Any, cast

import pytest
from PIL import Image

from app.core.errors import Invalid
from app.people.portrait import LARGEST_PICTURE, LARGEST_PORTRAIT, SIDE, portrait
from tests.people.pictures import bomb, encoded, from_a_phone, picture, too_heavy


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=("JPEG",))


def _dot(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    return cast("tuple[int, ...]", image.getpixel((x, y)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(640, 480), (480, 1280), (3, 2), (1, 1), (5000, 4000)])
def test_every_picture_becomes_a_small_square(kind: str, size: tuple[int, int]) -> None:
    small = portrait(picture(kind, size))

    assert _opened(small).size == (SIDE, SIDE)
    assert len(small) <= LARGEST_PORTRAIT


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_stands_upright_and_says_nothing_about_place_and_camera(kind: str) -> None:
    sent = from_a_phone(kind)
    assert b"Telltale Camera" in sent

    small = portrait(sent)

    image = _opened(small)
    top, bottom = _dot(image, 128, 20), _dot(image, 128, 236)
    assert top[2] > 150 > top[0], "what was blue below is above"
    assert bottom[0] > 150 > bottom[2]
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for telling in (b"Exif", b"GPS", b"Telltale", b"ICC_PROFILE", b"http"):
        assert telling not in small


def test_noise_stays_under_the_limit() -> None:
    noise = Image.frombytes("RGB", (512, 512), os.urandom(512 * 512 * 3))

    assert len(portrait(encoded(noise, "PNG"))) <= LARGEST_PORTRAIT


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_unusual_colours_are_taken(mode: str) -> None:
    drawn: Any = Image.new(mode, (300, 200))

    assert _opened(portrait(encoded(drawn, "PNG"))).mode == "RGB"


def test_print_colours_are_taken() -> None:
    assert _opened(portrait(encoded(Image.new("CMYK", (30, 20)), "JPEG"))).mode == "RGB"


def test_what_is_seen_through_becomes_white() -> None:
    glass = Image.new("RGBA", (300, 300), (0, 0, 0, 0))

    assert min(_dot(_opened(portrait(encoded(glass, "PNG"))), 128, 128)) > 250


# Made when it is its turn: every process reads this table, and few of them need a picture.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "too heavy": (lambda: too_heavy(LARGEST_PICTURE + 1), "too_large"),
    "a bomb": (bomb, "too_large"),
    "too many dots": (lambda: picture("PNG", (5001, 6000)), "too_large"),
    "a page": (lambda: b"<!doctype html><script>alert(1)</script>", "type_not_allowed"),
    "a drawing": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type_not_allowed"),
    "a GIF": (lambda: picture("GIF"), "type_not_allowed"),
    "a BMP": (lambda: picture("BMP"), "type_not_allowed"),
    "a PDF": (lambda: b"%PDF-1.7 and so on", "type_not_allowed"),
    "half a JPEG": (lambda: picture("JPEG")[:2000], "picture_broken"),
    "half a PNG": (lambda: picture("PNG")[:700], "picture_broken"),
    "half a WebP": (lambda: picture("WEBP")[:200], "picture_broken"),
    "the first bytes of a JPEG": (lambda: b"\xff\xd8\xff\xe0", "picture_broken"),
    "a PNG of zeros": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), "picture_broken"),
    "the head of a WebP": (lambda: b"RIFF\x10\x00\x00\x00WEBPVP8 ", "picture_broken"),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_taken_is_refused_with_a_reason(
    content: Callable[[], bytes], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        portrait(content())

    assert refused.value.code == code


def test_a_picture_of_just_the_limit_is_taken() -> None:
    assert portrait(too_heavy(LARGEST_PICTURE))
