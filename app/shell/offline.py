"""Pages that the worker keeps for times without network."""

import hashlib
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from app.core.i18n import Translator
from app.shell.headers import page_policy
from app.shell.pages import PAGE_SCRIPT, STYLES, script
from app.shell.squeezed import squeezed

SCRIPT: Final = PAGE_SCRIPT + "".join(map(script, ("outbox.js", "card.js", "offline.js")))
"""The one inline script of such a page: the quick exit, what a person keeps on this device, and
opening again by itself."""
_POLICY: Final = page_policy(SCRIPT, *STYLES)


def kept_page(request: Request, html: str, t: Translator) -> Response:
    """The answer for a page that a worker keeps: small on the way, and the same for everybody.

    `html` must hold nothing of anybody; the worker asks without cookies.
    """
    headers = {
        "cache-control": "no-store",
        "content-language": t.tag,
        "content-security-policy": _POLICY,
    }
    return squeezed(request, Response(html, headers=headers, media_type="text/html"))


def fingerprint(*parts: str) -> str:
    """A name for what is kept: other contents have another name."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part.encode()).digest())
    return digest.hexdigest()[:12]
