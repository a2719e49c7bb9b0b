"""What every form of the door has: a token that ties it to the browser it was made for."""

from starlette.requests import Request
from starlette.responses import Response

from app.config import Settings
from app.core.i18n import Translator
from app.core.ids import is_cookie, new_cookie
from app.core.seal import derived_key
from app.shell.cookies import Cookie, form_cookie
from app.shell.forms import FormTokens
from app.shell.pages import render

_MOST_FIELDS = 16


class Forms:
    """Shows forms and knows them again; one for all pages of the door."""

    def __init__(self, cookie: Cookie, tokens: FormTokens) -> None:
        self._cookie = cookie
        self._tokens = tokens

    @classmethod
    def of(cls, settings: Settings) -> "Forms":
        """Forms that every process with these settings knows again."""
        tokens = FormTokens(derived_key(settings.seal_keys, "forms"))
        return cls(form_cookie(settings.origin[0]), tokens)

    def show(
        self,
        request: Request,
        template: str,
        t: Translator,
        purpose: str,
        status: int = 200,
        **values: object,
    ) -> Response:
        """A page with a form: `{{ token }}` belongs into its hidden field `token`.

        Give `token` to show a form again that counts as the same one.
        """
        known = self.browser(request)
        browser = known or new_cookie()
        values = {"token": self._tokens.issue(browser, purpose), **values}
        response = render(template, t, status, **values)
        if known is None:
            self._cookie.set(response, browser)
        return response

    def knows(self, request: Request, token: str, purpose: str) -> bool:
        """Whether the form was made for this browser and purpose, not too long ago."""
        browser = self.browser(request)
        return browser is not None and self._tokens.holds(token, browser, purpose)

    def browser(self, request: Request) -> str | None:
        """What ties forms to this browser, if it brought it along."""
        value = self._cookie.read(request.headers.get("cookie", ""))
        return value if value and is_cookie(value) else None

    def clear(self, response: Response) -> None:
        """Forget this browser: forms that lie open in it are not taken any more."""
        self._cookie.clear(response)


async def fields(request: Request, *names: str) -> tuple[str, ...]:
    """What was sent in these fields, in this order; "" for what is not there or no text."""
    async with request.form(max_files=0, max_fields=_MOST_FIELDS) as sent:
        return tuple(value if isinstance(value := sent.get(name), str) else "" for name in names)
