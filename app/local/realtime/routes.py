"""Realtime: ``/realtime/v1`` as the unmodified client speaks it.

Private channels with broadcasts that the database sends. Public channels, sending by clients,
presence, changes of tables, replay and broadcasts over HTTP are refused in so many words.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from app.local.context import Context
from app.local.realtime.limits import Limits
from app.local.realtime.service import Realtime
from app.local.realtime.socket import Socket
from app.local.realtime.tokens import Refused

_VERSION = "1.0.0"


def routes(ctx: Context, limits: Limits | None = None) -> list[BaseRoute]:
    """The paths below ``/realtime/v1``."""
    realtime = Realtime(ctx, limits or Limits())

    async def websocket(socket: WebSocket) -> None:
        await _serve(socket, realtime)

    verbs = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [
        WebSocketRoute("/websocket", websocket),
        Route("/{rest:path}", _not_here, methods=verbs),
    ]


async def _serve(websocket: WebSocket, realtime: Realtime) -> None:
    """Refuse during the handshake, as upstream's user_socket.ex, or run the connection."""
    key = websocket.headers.get("x-api-key") or websocket.query_params.get("apikey")
    version = websocket.query_params.get("vsn", _VERSION)
    refusal = None
    if not key:
        refusal = JSONResponse({"error": "API key is missing"}, 401)
    elif version != _VERSION:
        message = f"Serializer {version} is not part of the local Supabase, only {_VERSION}"
        refusal = JSONResponse({"error": message}, 501)
    else:
        try:
            realtime.tokens.claims_of(key)
        except Refused as refused:
            refusal = JSONResponse({"error": refused.message}, 401)
        else:
            await Socket(websocket, realtime, key).run()
    if refusal is not None:
        await websocket.send_denial_response(refusal)


async def _not_here(request: Request) -> Response:
    message = f"{request.method} {request.url.path} is not part of the local Supabase"
    return JSONResponse({"error": "not_implemented", "message": message}, 501)
