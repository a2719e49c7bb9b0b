"""The headers every answer carries, and the Content-Security-Policy of a page."""

import base64
import hashlib
import re
from typing import Final

# `same-origin` instead of `no-referrer`: other sites learn nothing either way, but under
# `no-referrer` browsers send `Origin: null` with our own forms, and the gate could not tell them
# from a foreign page's.
# What no page here asks a browser for; a room that comes to need one opens it to ourselves.
_DENIED: Final = (
    "accelerometer", "browsing-topics", "camera",
    "captured-surface-control", "compute-pressure", "display-capture", "encrypted-media",
    "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get",
    "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone", "midi",
    "otp-credentials", "payment", "picture-in-picture", "publickey-credentials-create",
    "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
SECURITY: Final[dict[str, str]] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "x-permitted-cross-domain-policies": "none",
    "x-robots-tag": "noindex, nofollow",
    # A process of our own: no other page of this domain may share it, not even by asking.
    "origin-agent-cluster": "?1",
    "x-dns-prefetch-control": "off",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in _DENIED),
}
# For answers that are no page at all: nothing may run, load or frame them.
CLOSED_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
# Sent when somebody signs out. Never "cache": the engine's 3.8 MB would be paid again.
CLEAR_SITE_DATA: Final = '"cookies", "storage"'
# The same for a browser that keeps a cookie (who opens it with a PIN, how the app is called here):
# its others are taken away one by one.
CLEAR_STORAGE: Final = '"storage"'
HSTS: Final = "max-age=31536000; includeSubDomains"

_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)


def page_policy(script: str, *styles: str) -> str:
    """The policy of the plain pages: the inline script and stylesheets by hash, else files.

    Hashes are never taken from a page as it was sent: what somebody smuggled in would count too.
    """
    return _policy(
        {
            "default-src": ["'none'"],
            "script-src": ["'self'", _hash(script)],
            "style-src": ["'self'", *map(_hash, styles)],
            "img-src": ["'self'", "data:"],
            "font-src": ["'self'"],
            "connect-src": ["'self'"],
            "manifest-src": ["'self'"],
            "worker-src": ["'self'"],
            "form-action": ["'self'"],
            "base-uri": ["'none'"],
        }
    )


def app_policy(html: str) -> str:
    """The policy of the page around Flet.

    The engine compiles WebAssembly, starts its workers from blobs and writes style elements of
    its own; scripts stay closed to anything but our files and the page's own blocks by hash.
    `html` is the page from our template and catalogues, without anything a person wrote.
    """
    scripts = [_hash(block) for block in _SCRIPT.findall(html)]
    return _policy(
        {
            "default-src": ["'none'"],
            "script-src": ["'self'", "'wasm-unsafe-eval'", *scripts],
            "style-src": ["'self'", "'unsafe-inline'"],
            "img-src": ["'self'", "data:", "blob:"],
            "media-src": ["'self'", "blob:"],
            "font-src": ["'self'", "data:"],
            "connect-src": ["'self'"],
            "manifest-src": ["'self'"],
            "worker-src": ["'self'"],
            "form-action": ["'self'"],
            "base-uri": ["'self'"],
        }
    )


def _policy(rules: dict[str, list[str]]) -> str:
    closed = {"object-src": ["'none'"], "frame-ancestors": ["'none'"]}
    return "; ".join(f"{name} {' '.join(values)}" for name, values in {**rules, **closed}.items())


def _hash(block: str) -> str:
    digest = hashlib.sha256(block.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
