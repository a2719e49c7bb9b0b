"""A bucket that is all Anna's, and requests to it that no client makes."""

from collections.abc import AsyncIterator
from typing import Any

import httpx

from tests.local.serving import ANNA, Project

BUCKET = "/storage/v1/object/box"
OPEN_BOX = (
    "insert into storage.buckets (id, name) values ('box', 'box')",
    "create policy anna_all on storage.objects for all to authenticated"
    f" using (bucket_id = 'box' and (select auth.uid()) = '{ANNA}')",
)


async def ask(project: Project, method: str, path: str, **options: Any) -> httpx.Response:
    headers = project.headers(ANNA) | options.pop("headers", {})
    return await project.http.request(method, project.url + path, headers=headers, **options)


async def put(
    project: Project, name: str, content: bytes | AsyncIterator[bytes] = b"x", **options: Any
) -> httpx.Response:
    return await ask(project, "PUT", f"{BUCKET}/{name}", content=content, **options)
