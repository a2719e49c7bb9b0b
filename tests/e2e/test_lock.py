"""A locked device: the screen goes, a reload shows nothing, and the right words bring it back."""

from collections.abc import Callable

from tests.e2e.conftest import Visitor
from tests.fixtures.run import Run

Make = Callable[..., Visitor]
LOGIN = "quick-maple-63"
AN_HOUR_LATER = "() => { const now = Date.now; Date.now = () => now.call(Date) + 3600000; }"


def test_nobody_there_for_an_hour_and_then_the_way_back(run: Run, visitor: Make) -> None:
    lena = visitor(run)
    lena.sign_in(LOGIN)
    other = lena.page.context.new_page()
    other.goto(f"{run.url}/me")

    lena.page.evaluate(AN_HOUR_LATER)
    lena.page.wait_for_url("**/locked**")
    # The other tab of the same browser learns it from the server.
    other.wait_for_url("**/locked?next=%2Fme")
    assert "Lena" not in lena.page.content()
    lena.page.goto(f"{run.url}/")
    assert lena.page.url == f"{run.url}/locked"
    lena.page.go_back()
    assert lena.page.url.startswith(f"{run.url}/locked")

    secret = next(each["secret"] for each in run.demo() if each["login"] == LOGIN)
    lena.page.fill("input[name=passphrase]", "not the right words")
    lena.page.click("main form button")
    assert "/locked" in lena.page.url
    lena.page.fill("input[name=passphrase]", secret)
    lena.page.click("main form button")
    lena.sees("Lena")
