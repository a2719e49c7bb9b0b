"""Portraits for the demo: flat drawings in two tints, since nobody there is a real person."""

import io
from typing import Final

from PIL import Image, ImageDraw

from app.demo.people import DemoLook

# Drawn larger than shown, so that round things come out smooth.
_SIDE: Final = 1024


def drawn_portrait(look: DemoLook) -> bytes:
    """Head and shoulders, as a PNG."""
    picture = Image.new("RGB", (_SIDE, _SIDE), look.light)
    pen = ImageDraw.Draw(picture)
    if look.long_hair:
        pen.rounded_rectangle((282, 170, 742, 780), 230, fill=look.dark)
    else:
        pen.pieslice((336, 196, 688, 640), 180, 360, fill=look.dark)
    pen.ellipse((162, 740, 862, 1440), fill=look.dark)
    pen.rounded_rectangle((442, 600, 582, 820), 70, fill=look.light)
    pen.ellipse((342, 270, 682, 690), fill=look.light, outline=look.dark, width=14)
    # The fringe falls over the forehead.
    pen.chord((335, 230, 689, 560), 190, 350, fill=look.dark)
    for eye in (440, 560):
        pen.ellipse((eye, 455, eye + 26, 481), fill=look.dark)
    pen.arc((452, 520, 572, 610), 25, 155, fill=look.dark, width=14)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
