"""Whether a token's owner may read a topic, by the policies on ``realtime.messages``."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

import psycopg

from app.local.db import Database, RequestInfo

_PROBE = """
insert into realtime.messages (id, topic, extension, private) values (%s, %s, 'broadcast', true)
"""
_BECOME = """
select set_config('role', %s, true), set_config('request.jwt.claims', %s, true),
  set_config('request.jwt.claim.sub', %s, true), set_config('request.jwt.claim.role', %s, true),
  set_config('realtime.topic', %s, true)
"""
_SEEN = "select exists (select from realtime.messages where id = %s)"


class _Done(Exception):
    """Ends the probe's transaction, which leaves nothing behind."""


async def may_read(
    database: Database, claims: Mapping[str, Any], topic: str, request: RequestInfo
) -> bool:
    """Try it as upstream does (lib/realtime/tenants/authorization.ex): write a message to the
    topic, look for it as the token's owner, take it back.

    A policy that fails counts as no. Raises psycopg.OperationalError and PoolTimeout.
    """
    role = str(claims.get("role") or "anon")
    probe = uuid.uuid4()
    become = [role, json.dumps(dict(claims)), str(claims.get("sub") or ""), role, topic]
    seen = False
    try:
        async with database.transaction(
            {"role": "service_role"}, read_only=False, request=request
        ) as connection:
            async with connection.pipeline():
                await connection.execute(_PROBE, [probe, topic])
                await connection.execute(_BECOME, become)
                cursor = await connection.execute(_SEEN, [probe])
            row = await cursor.fetchone()
            seen = row is not None and bool(row[0])
            raise _Done
    except _Done:
        return seen
    except psycopg.OperationalError:
        raise
    except psycopg.Error:
        return False
