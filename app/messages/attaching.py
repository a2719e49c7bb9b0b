"""A file beside the box: chosen, brought here, and sent with what is written."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid4

import flet as ft

from app.design.guard import action
from app.messages.attachment import LARGEST_FILE
from app.messages.attachments import Uploads
from app.messages.files_web import upload_address
from app.messages.model import Chosen

# What Flet's browser side says of an answer that was not a good one; the body is a code of ours.
_ANSWERED: Final = re.compile(r"code (\d{3}): ?([a-z_]{0,64})")
_TOO_LARGE: Final = "413"
NOT_ARRIVED: Final = "not_arrived"


class Attaching:
    """The file that one person is about to send in one thread, one at a time.

    `pick` is the action of a button: browsers open the choice of files only while the tap on it is
    handled. `redraw` is called when `chosen` is another one.
    """

    def __init__(self, uploads: Uploads, thread: UUID, redraw: Callable[[], None]) -> None:
        self.chosen: Chosen | None = None
        self._uploads = uploads
        self._thread = thread
        self._redraw = redraw
        self._picker = ft.FilePicker(on_result=self._picked, on_upload=self._brought)
        # A slow phone tells of the file long after its window came back to the front.
        self.pick = ft.PickFiles(self._picker, cancel_upload_on_window_blur=False)

    def take(self) -> Chosen | None:
        """What goes with the message that is being sent; nothing is chosen after that."""
        chosen, self.chosen = self.chosen, None
        return chosen

    def put_back(self, chosen: Chosen) -> None:
        """What could not be sent stands beside the box again, unless another file does."""
        self.chosen = self.chosen or chosen

    @action
    def leave(self, event: object = None) -> None:
        """Send it without this file."""
        self.chosen = None
        self._redraw()

    @action
    async def _picked(self, event: ft.FilePickerResultEvent) -> None:
        if not event.files:
            return
        file = event.files[0]
        if not 0 < file.size <= LARGEST_FILE:
            wrong = "too_large" if file.size else "empty"
            self.chosen = Chosen(uuid4(), file.name, wrong=wrong)
            self._redraw()
            return
        place = self._uploads.place(self._thread, file.name)
        self.chosen = Chosen(place.id, file.name)
        self._redraw()
        await self._picker.upload(
            [ft.FilePickerUploadFile(upload_address(place.ticket), id=file.id, name=file.name)]
        )

    @action
    def _brought(self, event: ft.FilePickerUploadEvent) -> None:
        chosen = self.chosen
        # What is told of a file that was left meanwhile is told to nobody.
        if chosen is None or chosen.ready or event.file_name != chosen.name:
            return
        if event.error:
            self.chosen = replace(chosen, wrong=_code(event.error))
        elif event.progress is not None and event.progress >= 1:
            self.chosen = replace(chosen, ready=True)
        else:
            return
        self._redraw()


def _code(error: str) -> str:
    found = _ANSWERED.search(error)
    if found and found[1] == _TOO_LARGE:
        return "too_large"
    return found[2] if found and found[2] else NOT_ARRIVED
