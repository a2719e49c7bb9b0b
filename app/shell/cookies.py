"""The two cookies of a browser: the device's and the signed-out forms' one."""

from typing import Literal
from urllib.parse import urlsplit

from starlette.responses import Response


def has_cookie(header: str, name: str) -> bool:
    """Whether a `Cookie` header holds a cookie of exactly this name, whatever its value."""
    return any(part.strip().partition("=")[0] == name for part in header.split(";"))


class Cookie:
    """One httpOnly cookie of one site.

    On HTTPS its name begins with `__Host-`, so that no other host of the domain can set it. On
    plain HTTP (one machine) the name carries the port, since browsers share cookies between ports
    and two copies may run side by side.
    """

    def __init__(
        self, name: str, origin: str, *, days: int | None, same_site: Literal["lax", "strict"]
    ) -> None:
        parts = urlsplit(origin)
        self._secure = parts.scheme == "https"
        self.name = f"__Host-{name}" if self._secure else f"{name}-{parts.port or 80}"
        self._days = days
        self._same_site = same_site

    def read(self, header: str) -> str | None:
        """The cookie's value in a `Cookie` header, None when it is not there or broken."""
        for part in header.split(";"):
            name, _, value = part.strip().partition("=")
            if name == self.name and value:
                return value.strip('"')
        return None

    def set(self, response: Response, value: str, *, keep: bool = True) -> None:
        """Gives the browser a new value; without `keep` only until it is closed."""
        response.set_cookie(
            self.name,
            value,
            max_age=self._days * 86_400 if self._days and keep else None,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite=self._same_site,
        )

    def clear(self, response: Response) -> None:
        """Takes the cookie away."""
        response.delete_cookie(
            self.name, path="/", secure=self._secure, httponly=True, samesite=self._same_site
        )


def device_cookie(origin: str, days: int = 30) -> Cookie:
    """The cookie of a signed-in device. Lax: links from a mail or another site must find it."""
    return Cookie("handrail", origin, days=days, same_site="lax")


def form_cookie(origin: str) -> Cookie:
    """The cookie that ties a form token to the browser that asked for the form."""
    return Cookie("handrail-form", origin, days=None, same_site="strict")


def known_cookie(origin: str, days: int = 400) -> Cookie:
    """The cookie of a browser that takes a PIN or pictures; it stays when its device signs out."""
    return Cookie("handrail-known", origin, days=days, same_site="lax")
