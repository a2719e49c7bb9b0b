"""Storage over HTTP: ``/storage/v1`` as the unmodified client speaks it.

Private buckets, made by migrations, with upload, download, signed links, list, info and
remove. The rest of the API (public addresses, transformations, resumable and signed uploads, S3,
move, copy, changing buckets) answers 501.
"""

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app.local.context import Context
from app.local.db import RequestInfo
from app.local.keys import TokenError
from app.local.pool import PoolTimeout
from app.local.storage import errors, links, paths
from app.local.storage.incoming import Body, receive
from app.local.storage.listing import Listing
from app.local.storage.objects import Asker
from app.local.storage.service import MOST_NAMES, Storage

_LONGEST_JSON = 2 * 1024 * 1024
_DRAINED = 64 * 1024 * 1024

Handler = Callable[["_Call"], Awaitable[Response]]


@contextlib.asynccontextmanager
async def lifespan(ctx: Context) -> AsyncIterator[None]:
    """Remove what a crash left behind, before the first request."""
    ctx.files.mkdir(mode=0o700, parents=True, exist_ok=True)
    await Storage(ctx).sweep()
    yield


def routes(ctx: Context) -> list[BaseRoute]:
    """The paths below ``/storage/v1``. ``lifespan`` has to run around them."""
    storage = Storage(ctx)

    def route(method: str, path: str, operation: str, handler: Handler) -> Route:
        async def endpoint(request: Request) -> Response:
            return await _answer(ctx, storage, request, operation, handler)

        return Route(path, endpoint, methods=[method])

    one, many = "/{bucket}/{name:path}", "/{bucket}"
    download = "storage.object.get_authenticated"
    return [
        route("GET", "/bucket", "storage.bucket.list", _list_buckets),
        route("GET", "/bucket/{bucket}", "storage.bucket.get", _get_bucket),
        *[route(verb, path, "", _refuse) for path in _REFUSED for verb in _VERBS],
        route("POST", f"/object/list{many}", "storage.object.list", _list),
        route("POST", f"/object/sign{many}", "storage.object.sign_many", _sign_many),
        route("POST", f"/object/sign{one}", "storage.object.sign", _sign),
        route("GET", f"/object/sign{one}", "storage.object.get_signed", _get_signed),
        route("GET", f"/object/info/authenticated{one}", "object.get_authenticated_info", _info),
        route("GET", f"/object/info{one}", "object.get_authenticated_info", _info),
        route("GET", f"/object/authenticated{one}", download, _download),
        route("GET", f"/object{one}", download, _download),
        route("POST", f"/object{one}", "storage.object.upload", _upload),
        route("PUT", f"/object{one}", "storage.object.upload_update", _upload),
        route("DELETE", f"/object{many}", "storage.object.delete_many", _remove),
        *[route(verb, "/{rest:path}", "", _refuse) for verb in _VERBS],
    ]


_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# These would else be taken for the names of buckets.
_REFUSED = (
    "/object/public/{rest:path}",
    "/object/info/public/{rest:path}",
    "/object/upload/{rest:path}",
    "/object/list-v2/{rest:path}",
    "/object/move",
    "/object/copy",
)


class _Call:
    """One request: who asks, for which bucket and name (both checked), and its body."""

    def __init__(self, storage: Storage, request: Request, asker: Asker) -> None:
        self.storage = storage
        self.request = request
        self.asker = asker
        self.body = Body(request.receive)

    @property
    def bucket(self) -> str:
        return paths.bucket_name(self.request.path_params["bucket"])

    @property
    def name(self) -> str:
        return paths.object_name(self.request.path_params["name"])

    async def json(self) -> dict[str, Any]:
        """The JSON object of the body; raises StorageError for anything else."""
        content = bytearray()
        async for chunk in self.body.chunks():
            content += chunk
            if len(content) > _LONGEST_JSON:
                raise errors.too_large("request body")
        try:
            value = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise errors.invalid_request("Body is not valid JSON") from error
        if not isinstance(value, dict):
            raise errors.invalid_request("body must be object")
        return value


async def _answer(
    ctx: Context, storage: Storage, request: Request, operation: str, handler: Handler
) -> Response:
    call = _Call(storage, request, Asker({"role": "anon"}, _about(request), operation))
    try:
        if handler not in (_refuse, _get_signed):
            claims = ctx.keys.claims_of(request.headers)
            call.asker = Asker(claims, call.asker.request, operation)
        return await handler(call)
    except errors.StorageError as error:
        response = error.response()
    except TokenError as error:
        response = errors.access_denied(error.message).response()
    except (psycopg.Error, PoolTimeout) as error:
        response = errors.from_database(error).response()
    with contextlib.suppress(errors.StorageError):
        if not await call.body.drain(_DRAINED):
            response.headers["Connection"] = "close"
    return response


def _about(request: Request) -> RequestInfo:
    path = request.scope.get("raw_path", b"").decode("ascii", "replace")
    headers = {name: value for name, value in request.headers.items() if name != "cookie"}
    return RequestInfo(request.method, path, headers)


async def _upload(call: _Call) -> Response:
    bucket, name = call.bucket, call.name
    upsert = call.request.method == "PUT" or call.request.headers.get("x-upsert") == "true"
    incoming = await receive(call.request.headers, call.body)
    return JSONResponse(
        await call.storage.upload(call.asker, bucket, name, incoming, upsert=upsert)
    )


async def _download(call: _Call) -> Response:
    bucket, name = call.bucket, call.name
    await call.storage.objects.bucket(call.asker, bucket, as_service=True)
    return await call.storage.send(call.asker, bucket, name, call.request)


async def _get_signed(call: _Call) -> Response:
    token = call.request.query_params.get("token")
    if not token:
        raise errors.invalid_request("querystring must have required property 'token'")
    return await call.storage.send_signed(call.asker, call.bucket, call.name, token, call.request)


async def _info(call: _Call) -> Response:
    return _json(await call.storage.info(call.asker, call.bucket, call.name))


async def _sign(call: _Call) -> Response:
    body = await call.json()
    if body.get("transform"):
        raise errors.not_implemented("Image transformation")
    seconds = links.seconds(body.get("expiresIn"))
    return _json(
        {"signedURL": await call.storage.sign(call.asker, call.bucket, call.name, seconds)}
    )


async def _sign_many(call: _Call) -> Response:
    body = await call.json()
    seconds, names = links.seconds(body.get("expiresIn")), _names(body, "paths")
    return _json(await call.storage.sign_many(call.asker, call.bucket, names, seconds))


async def _remove(call: _Call) -> Response:
    names = _names(await call.json(), "prefixes")
    return _json(await call.storage.remove(call.asker, call.bucket, names))


async def _list(call: _Call) -> Response:
    listing = Listing.of(await call.json())
    return _json(await call.storage.list(call.asker, call.bucket, listing))


async def _list_buckets(call: _Call) -> Response:
    return _json(await call.storage.objects.buckets(call.asker))


async def _get_bucket(call: _Call) -> Response:
    return _json(await call.storage.objects.bucket(call.asker, call.bucket))


async def _refuse(call: _Call) -> Response:
    raise errors.not_implemented(f"{call.request.method} {call.request.url.path}")


def _names(body: dict[str, Any], field: str) -> list[str]:
    """Names of objects; raises StorageError for anything that cannot be one."""
    names = body.get(field)
    if not isinstance(names, list) or not names:
        raise errors.invalid_request(f"body/{field} must be a list with at least one name")
    if len(names) > MOST_NAMES:
        raise errors.invalid_request(f"body/{field} must have at most {MOST_NAMES} names")
    if not all(isinstance(name, str) for name in names):
        raise errors.invalid_request(f"body/{field} must have names only")
    return [paths.object_name(name) for name in names]


def _json(value: object) -> Response:
    return JSONResponse(value, headers={"Cache-Control": "no-store"})
