"""What one call costs in the local Supabase, through the unmodified client, one at a time."""

import statistics
import time
from typing import Any

import httpx
from supabase import AsyncClient, AsyncClientOptions, acreate_client

from tests.bench.stack import gateway
from tests.fixtures.run import Run

_CALLS, _WARM_UP = 1000, 100
_DEVICE = {"p_cookie_hash": "0" * 64, "p_sealed": "sealed", "p_label": "bench", "p_days": 1}


async def calls(run: Run) -> dict[str, Any]:
    """CPU of the gateway process per call, and the time a caller waits."""
    status = run.status()
    person = status["demo"][0]
    options = AsyncClientOptions(httpx_client=httpx.AsyncClient())
    client = await acreate_client(status["api_url"], status["anon_key"], options)
    await client.auth.sign_in_with_password(
        {"email": person["email"], "password": person["password"]}
    )
    await client.rpc("keep_device", _DEVICE).execute()
    for _ in range(_WARM_UP):
        await _call(client)
    process = gateway(run)
    before = process.cpu_times()
    samples = [await _call(client) for _ in range(_CALLS)]
    after = process.cpu_times()
    cpu = (after.user + after.system - before.user - before.system) * 1000 / _CALLS
    samples.sort()
    return {
        "gateway_cpu_ms": round(cpu, 3),
        "p50_ms": round(statistics.median(samples), 3),
        "p99_ms": round(samples[int(len(samples) * 0.99)], 3),
        "calls": _CALLS,
        "samples_ms": [round(sample, 3) for sample in samples],
    }


async def _call(client: AsyncClient) -> float:
    begin = time.perf_counter()
    await client.rpc("my_home", {"p_cookie_hash": _DEVICE["p_cookie_hash"]}).execute()
    return (time.perf_counter() - begin) * 1000
