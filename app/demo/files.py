"""What the people of the demo have sent each other besides words."""

import io
from typing import Final
from uuid import UUID, uuid4

from PIL import Image, ImageDraw

from app.core.db import Db
from app.core.files import Files
from app.core.seal import Seal
from app.messages.actions import Messages
from app.messages.attachments import Attachments

SENDER: Final = "jonas@hafenlicht.example"
READER: Final = "bright-otter-58"
_SKY, _GROUND, _STONE, _DARK = "#CFE3EA", "#B9C9A4", "#E9E2D3", "#3D4A57"


async def send_files(db: Db, files: Files, reader: Db, young_person: UUID, seal: Seal) -> None:
    """A photo and a letter, sent with the sender's own `db` and `files`; both sides have read
    them."""
    messages, kept = Messages(db, seal), Attachments(db, files, seal)
    thread = (await messages.open(young_person)).thread_id
    last = 0
    for name, content, text in (
        ("Tram stop.png", _tram_stop(), "The ramp is on the left."),
        ("Way to the company.pdf", _letter(), "And the way from there, to print."),
    ):
        file = await kept.keep(uuid4(), thread, name, content)
        last = (await messages.send(thread, uuid4(), text, attachment=file.id)).seq
    await Messages(reader, seal).mark_read(thread, last)


def _tram_stop() -> bytes:
    """A platform with a ramp, drawn: nobody's picture."""
    picture = Image.new("RGB", (1200, 800), _SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 560, 1200, 800), fill=_GROUND)
    pen.polygon([(80, 640), (420, 540), (1120, 540), (1120, 640)], fill=_STONE, outline=_DARK)
    pen.rectangle((560, 250, 1060, 280), fill=_DARK)
    for post in (580, 1030):
        pen.rectangle((post, 280, post + 12, 540), fill=_DARK)
    pen.rectangle((640, 460, 940, 490), fill=_DARK)
    pen.line([(80, 560), (420, 460)], fill=_DARK, width=8)
    for foot, head in ((100, 555), (250, 510), (400, 466)):
        pen.line([(foot, head), (foot, head + 80)], fill=_DARK, width=8)
    return _as(picture, "PNG")


def _letter() -> bytes:
    page = Image.new("RGB", (595, 842), "white")
    pen = ImageDraw.Draw(page)
    pen.line([(120, 700), (120, 420), (420, 420), (420, 180)], fill=_DARK, width=10)
    pen.ellipse((100, 680, 140, 720), fill=_GROUND, outline=_DARK, width=4)
    pen.rectangle((380, 120, 460, 190), fill=_STONE, outline=_DARK, width=4)
    return _as(page, "PDF")


def _as(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()
