"""The mails that Auth wrote, to look at in a browser: on this machine nothing is really sent."""

import email
import email.policy
import html
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from app.local.context import Context

PATH = "/mail"
_NAME = re.compile(r"[0-9TZ]{8,32}-[0-9a-f]{8}\.eml")
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Mail</title>
<meta name="viewport" content="width=device-width"><style>:root{{color-scheme:light dark}}
body{{font:16px/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}
li{{margin:.75rem 0}}a{{display:inline-block;padding:.4rem 0}}</style>{body}</html>"""


def routes(ctx: Context) -> list[BaseRoute]:
    """`/mail`, the newest first, and `/mail/<file>`."""

    async def list_of(request: Request) -> Response:
        files = sorted(ctx.mail.glob("*.eml"), reverse=True)
        lines = "".join(f"<li>{_line(file)}</li>" for file in files)
        return _page(f"<h1>Mail</h1><ul>{lines}</ul>" if lines else "<h1>Mail</h1><p>None yet.</p>")

    async def one(request: Request) -> Response:
        name = request.path_params["name"]
        file = ctx.mail / name
        if not _NAME.fullmatch(name) or not file.is_file():
            return _page("<h1>Mail</h1><p>This mail is not here.</p>", 404)
        message = _read(file)
        body = message.get_body(("html", "plain"))
        head = (
            f"<p>{_escaped(message, 'To')}<br><strong>{_escaped(message, 'Subject')}</strong></p>"
        )
        text = body.get_content() if isinstance(body, EmailMessage) else ""
        return _page(f'<p><a href="{PATH}">All mail</a></p>{head}<hr>{text}')

    return [Route(PATH, list_of, methods=["GET"]), Route(f"{PATH}/{{name}}", one, methods=["GET"])]


def _line(file: Path) -> str:
    message = _read(file)
    sent = datetime.strptime(file.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    words = f"{_escaped(message, 'To')}: {_escaped(message, 'Subject')}"
    return f'{sent:%d.%m.%Y %H:%M} UTC<br><a href="{PATH}/{file.name}">{words}</a>'


def _read(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def _escaped(message: EmailMessage, header: str) -> str:
    return html.escape(str(message[header] or ""))


def _page(body: str, status: int = 200) -> Response:
    return HTMLResponse(_PAGE.format(body=body), status, headers=_HEADERS)
