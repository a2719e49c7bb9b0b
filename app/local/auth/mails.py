"""Mails of Auth: written from the project's own texts, and put into a folder, never sent."""

import html
import os
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from app.local.config import Config
from app.local.errors import LocalError

MOST_KEPT = 200
_SENDER = "Auth <noreply@mail.invalid>"
_PLACE = re.compile(r"\{\{\s*\.(\w+)\s*\}\}")
_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_NAMES = ("SiteURL", "RedirectTo", "TokenHash", "Token", "Email")


class Mails:
    """Writes the mails of one project into `folder`, one `.eml` file each, the newest kept.

    Of upstream's templates it fills in names (`{{ .RedirectTo }}`); raises LocalError
    ``config_invalid`` at once for a text that asks for more.
    """

    def __init__(self, folder: Path, config: Config) -> None:
        self._folder = folder
        self._subject = config.invite_subject
        self._invite = config.invite_content
        self._site = config.site_url
        _filled(self._invite, dict.fromkeys(_NAMES, ""))

    def invite(self, email: str, *, otp: str, token_hash: str, redirect_to: str) -> None:
        """Put the invitation of this address into the folder. Raises OSError."""
        body = _filled(
            self._invite,
            {
                "SiteURL": self._site,
                "RedirectTo": redirect_to,
                "TokenHash": token_hash,
                "Token": otp,
                "Email": email,
            },
        )
        self._keep(_message(email, self._subject, body))

    def _keep(self, message: EmailMessage) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        file = self._folder / f"{moment}-{secrets.token_hex(4)}.eml"
        draft = file.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(message.as_bytes())
        draft.replace(file)
        for old in sorted(self._folder.glob("*.eml"), reverse=True)[MOST_KEPT:]:
            old.unlink(missing_ok=True)


def _message(email: str, subject: str, body: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = _SENDER
    message["To"] = email
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.now(UTC))
    plain = html.unescape(re.sub(r"<[^>]*>", "", _LINK.sub(r"\2: \1", body)))
    message.set_content("\n".join(line.strip() for line in plain.splitlines() if line.strip()))
    message.add_alternative(body, subtype="html")
    return message


def _filled(text: str, values: Mapping[str, str]) -> str:
    def value(place: re.Match[str]) -> str:
        known = values.get(place[1])
        return place[0] if known is None else html.escape(known)

    filled = _PLACE.sub(value, text)
    if "{{" in filled:
        names = ", ".join(f"{{{{ .{name} }}}}" for name in _NAMES)
        raise LocalError("config_invalid", f"A mail of the local Auth may hold only {names}.")
    return filled
