"""The look that somebody chose: in the app at once, and there again from the first moment."""

from collections.abc import Callable

from app.design.tokens import CORNER
from tests.e2e.conftest import Visitor
from tests.fixtures.run import Run


def test_a_chosen_look_is_around_the_screens_and_told_with_the_next_socket(
    run: Run, visitor: Callable[..., Visitor]
) -> None:
    selam = visitor(run)
    selam.sign_in("blue-heron-27")
    selam.page.goto(f"{run.url}/me/look")
    selam.sees("High contrast")
    selam.page.get_by_role("button", name="High contrast").click()
    # The screens keep it in the browser; the page around them follows without a reload.
    selam.page.wait_for_selector("html[data-look=contrast]")
    edge = "getComputedStyle(document.getElementById('exit')).borderTopColor"
    assert selam.page.evaluate(edge) == "rgb(0, 0, 0)"

    sockets: list[str] = []
    selam.page.on("websocket", lambda socket: sockets.append(socket.url))
    selam.page.reload()
    selam.sees("High contrast")

    assert selam.page.evaluate("document.documentElement.dataset.look") == "contrast"
    assert "look=contrast&calm=0&text=100" in sockets[0]

    # The pages beside the screens wear it too, but for the one that has no script.
    for path, ink in (("/lock-choice", "rgb(0, 0, 0)"), ("/help", "rgb(28, 36, 48)")):
        selam.page.goto(f"{run.url}{path}")
        assert selam.page.evaluate("getComputedStyle(document.body).color") == ink


def test_help_and_the_quick_exit_grow_with_the_text_within_their_strip(
    run: Run, visitor: Callable[..., Visitor]
) -> None:
    selam = visitor(run)
    selam.sign_in("blue-heron-27")
    selam.page.goto(f"{run.url}/me/text")
    selam.sees("Largest")
    size = "parseFloat(getComputedStyle(document.getElementById('exit')).fontSize)"
    usual = selam.page.evaluate(size)

    selam.page.get_by_role("button", name="Largest").click()

    selam.page.wait_for_selector("html[style*='--text: 2']", state="attached")
    assert selam.page.evaluate(size) > usual * 1.5
    assert selam.page.evaluate("document.querySelector('.corner').offsetHeight") <= CORNER

    selam.page.set_viewport_size({"width": 320, "height": 640})
    selam.page.goto(f"{run.url}/lock-choice")
    assert selam.page.evaluate("getComputedStyle(document.body).fontSize") == "32px"
    assert selam.page.evaluate("document.documentElement.scrollWidth") <= 320
