"""What a page showed, picture by picture, and when: for promises about how soon something goes."""

from typing import Any

from playwright.sync_api import ConsoleMessage, Page

_ACTED = "acted at "
# Written down when the browser has the tap or key; a page that is leaving answers no questions.
_NOTE_ACTS = f"""() => ['click', 'keydown'].forEach((kind) => addEventListener(kind, (event) =>
    console.debug('{_ACTED}' + (performance.timeOrigin + event.timeStamp) / 1000), true))"""
_COUNT_COLOURS = """async (png) => {
    const blob = await (await fetch(`data:image/png;base64,${png}`)).blob();
    const bitmap = await createImageBitmap(blob);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    return new Set(new Uint32Array(pixels.buffer)).size;
}"""


class Film:
    """Every frame of a page from now on, with the browser's own time of drawing it.

    A picture that is asked for comes when the browser finds time for it; the frames that it draws
    by itself carry their moment with them.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._frames: list[tuple[float, str]] = []
        self._acts: list[float] = []
        page.on("console", self._hear)
        page.evaluate(_NOTE_ACTS)
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.on("Page.screencastFrame", self._keep)
        self._devtools.send("Page.startScreencast", {"format": "png"})
        self._wait_for(lambda: bool(self._frames))

    def seconds_until_blank(self) -> float:
        """From the last tap or key to the first frame of one colour. Fails when nothing was on the
        screen before, and when something was on it again after."""
        self._page.wait_for_timeout(500)
        acted = self._acts[-1]
        looker = self._page.context.new_page()
        looked = [(at, looker.evaluate(_COUNT_COLOURS, png)) for at, png in self._frames]
        looker.close()
        before = [colours for at, colours in looked if at <= acted]
        assert before
        assert before[-1] > 20
        blank = [at for at, colours in looked if at > acted and colours == 1]
        assert blank, looked
        assert all(colours == 1 for at, colours in looked if at >= blank[0])
        return blank[0] - acted

    def _hear(self, message: ConsoleMessage) -> None:
        if message.text.startswith(_ACTED):
            self._acts.append(float(message.text.removeprefix(_ACTED)))

    def _keep(self, frame: dict[str, Any]) -> None:
        self._frames.append((frame["metadata"]["timestamp"], frame["data"]))
        self._devtools.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    def _wait_for(self, ready: Any) -> None:
        for _ in range(100):
            if ready():
                return
            self._page.wait_for_timeout(50)
        raise AssertionError("the browser drew nothing")
