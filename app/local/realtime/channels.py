"""The channels of one client: join, token refresh, leave, and the end when a token expires.

What is refused, and in which words, follows upstream
(lib/realtime_web/channels/realtime_channel.ex).
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from app.local.db import RequestInfo
from app.local.pool import PoolTimeout
from app.local.realtime import messages
from app.local.realtime.authorise import may_read
from app.local.realtime.hub import Channel
from app.local.realtime.messages import Frame
from app.local.realtime.service import Realtime
from app.local.realtime.tokens import Refused

_NO_DATABASE = Refused(
    "UnableToConnectToProject", "Realtime was unable to connect to the project database"
)


class Channels:
    """Answers a client's frames. ``push`` sends it a frame, ``close`` ends its connection."""

    def __init__(
        self,
        realtime: Realtime,
        push: Callable[[str], None],
        close: Callable[[int, str], None],
        key: str,
        request: RequestInfo,
    ) -> None:
        self._realtime = realtime
        self._push = push
        self._close = close
        self._key = key
        self._request = request
        self._joined: dict[str, Channel] = {}

    async def handle(self, frame: Frame) -> None:
        """Do what one frame asks for."""
        channel = self._joined.get(frame.topic)
        match frame.event:
            case "heartbeat" if frame.topic == "phoenix":
                self._reply(frame)
            case "phx_join":
                await self._join(frame)
            case "phx_leave":
                self._reply(frame)
                if channel is not None:
                    self._leave(channel)
            case "access_token" if channel is not None:
                await self._renew(channel, frame.payload.get("access_token"))
            case "broadcast" if channel is not None:
                self._refuse(frame, _may_not_send(channel))
            case "presence" if channel is not None:
                self._refuse(frame, _not_here("presence"))
            case _ if channel is not None:
                self._refuse(frame, _not_here(f"event {frame.event}"))
            case _:
                self._reply(frame, "error", "unmatched topic")

    def leave_all(self) -> None:
        """Forget every channel, without a word to the client."""
        for channel in tuple(self._joined.values()):
            self._forget(channel)

    async def _join(self, frame: Frame) -> None:
        if (old := self._joined.get(frame.topic)) is not None:
            self._leave(old)
        try:
            channel = await self._admitted(frame)
        except Refused as refused:
            self._refuse(frame, refused)
            if refused.code == "ClientJoinRateLimitReached":
                self._close(1013, refused.message)
            return
        self._joined[frame.topic] = channel
        self._push(messages.reply(frame, "ok", {"postgres_changes": []}))
        self._realtime.hub.add(channel)
        self._watch(channel)
        if _setting(frame.payload, "broadcast").get("replication_ready") is True:
            ready = "Replication connection established"
            self._push(messages.system(frame.topic, "ok", ready))

    async def _admitted(self, frame: Frame) -> Channel:
        """The channel that this join asks for; raises Refused."""
        if not frame.topic.startswith(messages.PREFIX):
            raise Refused("", "unmatched topic")
        if not frame.name:
            raise Refused("TopicNameRequired", "You must provide a topic name")
        _check_config(frame.payload)
        if len(self._joined) >= self._realtime.limits.channels:
            raise Refused("ChannelRateLimitReached", "Too many channels")
        self._realtime.joins.add()
        if self._realtime.joins.reached:
            raise Refused("ClientJoinRateLimitReached", "Too many joins per second")
        token = frame.payload.get("access_token")
        if not isinstance(token, str) or token.startswith("sb_"):
            token = self._key
        claims = await self._proved(frame.name, token)
        return Channel(frame.topic, frame.ref, token, claims, self._push)

    async def _proved(self, name: str, token: str) -> Mapping[str, Any]:
        """The claims of a token that may read this topic; raises Refused."""
        claims = self._realtime.tokens.claims_of(token)
        try:
            if not await self._realtime.listening():
                raise _NO_DATABASE
            allowed = await may_read(self._realtime.database, claims, name, self._request)
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise _NO_DATABASE from error
        if not allowed:
            raise Refused(
                "Unauthorized",
                f"You do not have permissions to read from this Channel topic: {name}",
            )
        return claims

    async def _renew(self, channel: Channel, token: object) -> None:
        """Take over a refreshed token; without the right to read any more the channel ends."""
        if token is None or token == channel.token:
            return
        if isinstance(token, str) and token.startswith("sb_"):
            return
        try:
            channel.claims = await self._proved(channel.name, str(token))
        except Refused as refused:
            self._end(channel, refused.message)
            return
        channel.token = str(token)
        self._watch(channel)

    def _watch(self, channel: Channel) -> None:
        """Look at the token again when it expires, and every few minutes before."""
        channel.cancel()
        left = channel.seconds_left
        wait = self._realtime.limits.confirm
        if left is not None:
            wait = max(0.0, min(wait, left))
        channel.cancel = asyncio.get_running_loop().call_later(wait, self._confirm, channel).cancel

    def _confirm(self, channel: Channel) -> None:
        try:
            self._realtime.tokens.claims_of(channel.token)
        except Refused as refused:
            self._end(channel, refused.message)
        else:
            self._watch(channel)

    def _end(self, channel: Channel, why: str) -> None:
        self._push(messages.system(channel.topic, "error", why))
        self._leave(channel)

    def _leave(self, channel: Channel) -> None:
        self._forget(channel)
        self._push(messages.closed(channel.topic, channel.join_ref))

    def _forget(self, channel: Channel) -> None:
        channel.cancel()
        self._realtime.hub.remove(channel)
        self._joined.pop(channel.topic, None)

    def _refuse(self, frame: Frame, refused: Refused) -> None:
        self._reply(frame, "error", str(refused))

    def _reply(self, frame: Frame, status: str = "ok", reason: str | None = None) -> None:
        response = {} if reason is None else {"reason": reason}
        self._push(messages.reply(frame, status, response))


def _check_config(payload: dict[str, Any]) -> None:
    """Raise Refused for what a join asks beyond private channels with broadcast."""
    config = payload.get("config")
    if not isinstance(config, dict) or not _yes(config.get("private")):
        raise Refused("PrivateOnly", "This project only allows private channels")
    if config.get("postgres_changes"):
        raise _not_here("postgres_changes")
    if _yes(_setting(payload, "presence").get("enabled")):
        raise _not_here("presence")
    if _setting(payload, "broadcast").get("replay") is not None:
        raise _not_here("replay")


def _setting(payload: dict[str, Any], name: str) -> dict[str, Any]:
    found = payload.get("config", {}).get(name)
    return found if isinstance(found, dict) else {}


def _yes(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _not_here(what: str) -> Refused:
    return Refused("NotImplemented", f"{what} is not part of the local Supabase")


def _may_not_send(channel: Channel) -> Refused:
    return Refused(
        "Unauthorized",
        f"You do not have permissions to write to this Channel topic: {channel.name}",
    )
