"""What is asked above an open thread."""

from dataclasses import dataclass
from typing import Literal

from app.messages.model import Message
from app.messages.templates import Offer
from app.messages.turning import Turn


@dataclass(frozen=True)
class Asked:
    """Which sheet is open: for which message, what that shall become, what the box is offered."""

    what: Literal[
        "", "message", "take_back", "quick", "phrases", "about", "turn", "templates", "picture"
    ] = ""
    message: Message | None = None
    turn: Turn | None = None
    offer: Offer | None = None
