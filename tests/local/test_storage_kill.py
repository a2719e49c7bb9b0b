"""kill -9 of the gateway while files are written: nothing acknowledged is lost."""

import asyncio
import contextlib
import functools
import random
import secrets
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import pytest

from tests.fixtures.forks import forks
from tests.fixtures.plain_http import PLAIN
from tests.fixtures.postgres import Server
from tests.local.serving import ANNA, Project, serving, until

KILLS = 20
NAMES = 12
SETUP = (
    "insert into storage.buckets (id, name) values ('box', 'box')",
    "create policy anna_all on storage.objects for all to authenticated"
    f" using (bucket_id = 'box' and (select auth.uid()) = '{ANNA}')",
)


def serve(dsn: str, home: Path, ready: Connection) -> None:
    """What the killed process does; `dsn` names the role USER."""

    async def run() -> None:
        async with serving(lambda user: dsn.replace("USER", user), home) as project:
            ready.send(project.url)
            await asyncio.Event().wait()

    asyncio.run(run())


class Writer:
    """Overwrites a few names for ever and remembers what each may hold."""

    def __init__(self) -> None:
        self.possible: dict[str, list[bytes]] = {}
        self.acknowledged = 0
        self.names: set[str] = set()

    def has(self, acknowledged: int) -> bool:
        return self.acknowledged >= acknowledged

    async def write(self, http: httpx.AsyncClient, url: str, headers: dict[str, str]) -> None:
        while True:
            name = f"{random.randrange(NAMES)}"
            content = secrets.token_bytes(random.choice((10, 5_000, 400_000)))
            self.possible.setdefault(name, []).append(content)
            done = await http.put(
                f"{url}/storage/v1/object/box/{name}", content=content, headers=headers
            )
            if done.status_code == 200:
                self.acknowledged += 1
                self.names.add(name)
                kept = self.possible[name]
                del kept[: kept.index(content)]


@pytest.mark.destructive
async def test_no_acknowledged_file_is_lost_when_the_gateway_is_killed(
    postgres18: Server, tmp_path: Path
) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    random.seed(seed)
    dsn = postgres18.new_database(migrated=False)
    async with serving(dsn, tmp_path) as project:
        project.owner(*SETUP)
        headers = project.headers(ANNA)
    template = dsn("USER")
    context = forks()
    # One writer for each file, else two answers could arrive in another order than the commits.
    writer = Writer()
    async with httpx.AsyncClient(verify=PLAIN, timeout=20) as http:
        for _ in range(KILLS):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(template, tmp_path, theirs), daemon=True)
            process.start()
            url = await asyncio.to_thread(ours.recv)
            writing = asyncio.create_task(writer.write(http, url, headers))
            enough = writer.acknowledged + random.randint(1, 3)
            await until(functools.partial(writer.has, enough), 60)
            await asyncio.sleep(random.uniform(0, 0.03))
            process.kill()
            with contextlib.suppress(httpx.HTTPError):
                await writing
            await asyncio.to_thread(process.join)
            ours.close()
            theirs.close()

    async with serving(dsn, tmp_path) as project:
        await compare(project, writer, headers)


async def compare(project: Project, writer: Writer, headers: dict[str, str]) -> None:
    assert writer.acknowledged >= KILLS
    for name, possible in writer.possible.items():
        found = await project.http.get(
            f"{project.url}/storage/v1/object/box/{name}", headers=headers
        )
        if found.status_code == 200:
            assert found.content in possible, name
        else:
            assert name not in writer.names, f"{name} was acknowledged and is gone"
    rows = project.rows("select count(*) from storage.objects")
    assert rows == [(len(project.kept()),)], "every row has its bytes, and nothing else is left"
