"""Every method of the client's Storage: offered, or refused with 501; none is forgotten."""

import contextlib
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from storage3 import AsyncStorageClient
from storage3._async.analytics import AsyncStorageAnalyticsClient
from storage3._async.file_api import AsyncBucketProxy
from storage3._async.vectors import (
    AsyncStorageVectorsClient,
    AsyncVectorBucketScope,
    AsyncVectorIndexScope,
)
from storage3.exceptions import StorageApiError
from storage3.types import VectorData
from supabase import AsyncClient

from tests.fixtures.supabase import Supabase
from tests.local.serving import ANNA, Project, on_gateway

Call = Callable[[AsyncClient], Awaitable[Any]]

# What test_storage_client.py proves.
OFFERED: dict[type, set[str]] = {
    AsyncBucketProxy: {
        "create_signed_url", "create_signed_urls", "download", "exists", "info", "list",
        "remove", "update", "upload",
    },
    AsyncStorageClient: {"get_bucket", "list_buckets"},
}  # fmt: skip
# What asks no server, or one that is not ours (the catalogue of another library).
LOCAL: dict[type, set[str]] = {
    AsyncBucketProxy: {"get_public_url"},
    AsyncStorageClient: {"analytics", "from_", "vectors"},
    AsyncStorageAnalyticsClient: {"catalog"},
    AsyncStorageVectorsClient: {"from_"},
    AsyncVectorBucketScope: {"index", "with_metadata"},
    AsyncVectorIndexScope: {"with_metadata"},
}


def files(client: AsyncClient) -> AsyncBucketProxy:
    return client.storage.from_("letters")


def vectors(client: AsyncClient) -> AsyncVectorBucketScope:
    return client.storage.vectors().from_("v")


def index(client: AsyncClient) -> AsyncVectorIndexScope:
    return vectors(client).index("i")


REFUSED: dict[type, dict[str, Call]] = {
    AsyncBucketProxy: {
        "copy": lambda client: files(client).copy("a", "b"),
        "create_signed_upload_url": lambda client: files(client).create_signed_upload_url("a"),
        "list_v2": lambda client: files(client).list_v2(),
        "move": lambda client: files(client).move("a", "b"),
        "upload_to_signed_url": lambda client: files(client).upload_to_signed_url("a", "t", b"x"),
    },
    AsyncStorageClient: {
        "create_bucket": lambda client: client.storage.create_bucket("new"),
        "delete_bucket": lambda client: client.storage.delete_bucket("letters"),
        "empty_bucket": lambda client: client.storage.empty_bucket("letters"),
        "update_bucket": lambda client: client.storage.update_bucket("letters", {"public": True}),
    },
    AsyncStorageAnalyticsClient: {
        "create": lambda client: client.storage.analytics().create("a"),
        "delete": lambda client: client.storage.analytics().delete("a"),
        "list": lambda client: client.storage.analytics().list(),
    },
    AsyncStorageVectorsClient: {
        "create_bucket": lambda client: client.storage.vectors().create_bucket("v"),
        "delete_bucket": lambda client: client.storage.vectors().delete_bucket("v"),
        "get_bucket": lambda client: client.storage.vectors().get_bucket("v"),
        "list_buckets": lambda client: client.storage.vectors().list_buckets(),
    },
    AsyncVectorBucketScope: {
        "create_index": lambda client: vectors(client).create_index("i", 1, "cosine", "float32"),
        "delete_index": lambda client: vectors(client).delete_index("i"),
        "get_index": lambda client: vectors(client).get_index("i"),
        "list_indexes": lambda client: vectors(client).list_indexes(),
    },
    AsyncVectorIndexScope: {
        "delete": lambda client: index(client).delete(["k"]),
        "get": lambda client: index(client).get("k"),
        "list": lambda client: index(client).list(),
        "put": lambda client: index(client).put([]),
        "query": lambda client: index(client).query(VectorData(float32=[1.0]), 1),
    },
}


@pytest.fixture
async def project(supabase_bare: Supabase) -> AsyncIterator[Project]:
    async with on_gateway(supabase_bare) as project:
        yield project


def methods(kind: type) -> set[str]:
    return {
        name
        for name, value in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


@pytest.mark.parametrize("kind", LOCAL)
def test_every_method_of_the_client_has_a_decision(kind: type) -> None:
    decided = OFFERED.get(kind, set()) | LOCAL[kind] | set(REFUSED[kind])
    assert methods(kind) - decided == set(), "new in the client: offer it or refuse it"
    assert decided - methods(kind) == set(), "no longer in the client"


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(call, id=f"{kind.__name__}.{method}")
        for kind, calls in REFUSED.items()
        for method, call in calls.items()
    ],
)
async def test_what_is_not_offered_answers_501(project: Project, call: Call) -> None:
    answers: list[int] = []

    async def note(response: httpx.Response) -> None:
        answers.append(response.status_code)

    project.http.event_hooks["response"].append(note)
    # Some methods turn an error into None.
    with contextlib.suppress(StorageApiError):
        await call(await project.client(ANNA))
    assert answers == [501]


async def test_options_that_are_not_offered_answer_501(project: Project) -> None:
    letters = files(await project.client(ANNA))
    with pytest.raises(StorageApiError, match="not part of the local Supabase"):
        await letters.download("a", {"transform": {"width": 1}})
    with pytest.raises(StorageApiError, match="not part of the local Supabase"):
        await letters.create_signed_url("a", 60, {"transform": {"width": 1}})
    public = await letters.get_public_url("a")
    answer = await project.http.get(public)
    assert (answer.status_code, answer.json()["error"]) == (501, "NotImplemented")


@pytest.mark.parametrize(
    "path",
    ["/", "/nonsense", "/s3/box", "/upload/resumable", "/render/image/sign/b/x", "/object",
     "/object/public/b/x", "/cdn/b/x"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_other_paths_answer_501(project: Project, method: str, path: str) -> None:
    answer = await project.http.request(method, f"{project.url}/storage/v1{path}")
    assert (answer.status_code, answer.json()["statusCode"]) == (501, "501")
