"""The composition root: here every part meets every other part it needs, once per process."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from starlette.routing import BaseRoute, Router, WebSocketRoute
from starlette.types import ASGIApp

from app.config import Account, ConfigError, Settings
from app.contact.jobs import contact_jobs
from app.core.auth import Devices
from app.core.background import Background
from app.core.bindings import Bindings
from app.core.clock import Clock, SystemClock
from app.core.hints import REFRESH, Hint
from app.core.http import Backend, open_backend
from app.core.jobs import Runner, core_jobs
from app.core.letterbox import Letterbox
from app.core.live import LiveHub
from app.core.logs import fingerprint
from app.core.machine import MachineClient
from app.core.metrics import Metrics
from app.core.seal import Seal
from app.core.translators import translator_of
from app.design.guard import guard_flet
from app.door import photo
from app.door.pages import door_routes
from app.door.web import forward_addresses, sign_ins_of
from app.home.screens import is_screen
from app.messages import files_web
from app.messages import web as outbox
from app.messages.jobs import message_jobs
from app.reception import Reception, identify
from app.safety.web import Help
from app.shell.building import build_apart
from app.shell.codes import Close
from app.shell.cookies import device_cookie
from app.shell.copies import Copies
from app.shell.departures import Departures
from app.shell.engine import Engine, installed_web
from app.shell.figures import serve_figures, watch
from app.shell.gate import Gate, GateSettings
from app.shell.health import Health, heard_within
from app.shell.icons import icons_used
from app.shell.install import install_routes
from app.shell.locking import Locking
from app.shell.socket import Sockets
from app.shell.static import APP, ASSETS, AppPages, small_files
from app.shell.warming import warming_routes
from app.shell.wishes import Wishes

_LOOK_SECONDS = 0.05
_COPIES_AFTER = 3.0
_HINTS_HEARD_WITHIN = 90.0
_DEVICE_KINDS = frozenset({"device", "access", REFRESH})


@dataclass(frozen=True)
class Served:
    """A running app: the ASGI app for the web server, and the way out."""

    asgi: ASGIApp
    health: Health
    sockets: Sockets
    drain_seconds: float

    async def wait_until_ready(self, seconds: float) -> None:
        """Until every check of `/readyz` passes, at most so long."""
        for _ in range(int(seconds / _LOOK_SECONDS)):
            if all((await self.health.ready()).values()):
                return
            await asyncio.sleep(_LOOK_SECONDS)

    async def leave(self) -> None:
        """Take no new visitors, send the connected ones away softly."""
        self.health.leave()
        await self.sockets.drain(self.drain_seconds)


@contextlib.asynccontextmanager
async def open_server(settings: Settings) -> AsyncIterator[Served]:
    """Everything one app process holds, closed again at the end of the block."""
    clock = SystemClock()
    async with open_backend(settings) as backend, contextlib.AsyncExitStack() as stack:
        parts = _Parts(settings, backend, clock)
        stack.push_async_callback(parts.close)
        await parts.start()
        await stack.enter_async_context(serve_figures(parts.metrics, settings.metrics_port))
        yield Served(parts.asgi(), parts.health, parts.sockets, settings.drain_seconds)


class _Parts:
    """The objects of one process and the threads between them."""

    def __init__(self, settings: Settings, backend: Backend, clock: Clock) -> None:
        self._settings = settings
        self._backend = backend
        self._clock = clock
        self.metrics = Metrics()
        self._background = Background()
        self.seal = Seal(settings.seal_keys)
        self.devices = Devices(backend, self.seal, clock=clock)
        self.live_machine = MachineClient(backend, _account(settings.machine_live), clock=clock)
        self.hub = LiveHub(self.live_machine, clock=clock)
        self.engine = Engine(
            installed_web(), ASSETS, Copies(settings.home / "engine"), icons_used(APP)
        )
        self._translator = translator_of(settings)
        self._reception = Reception(
            self.devices,
            self.seal,
            self.hub,
            settings.origin[0],
            post=sign_ins_of(settings, backend),
            translator=self._translator,
        )
        self.letterbox = Letterbox(settings.seal_keys)
        self._pages = AppPages(
            self.engine, is_screen, self._reception.reader_of, letterbox=self.letterbox.address
        )
        self.sockets = Sockets(
            self._reception.enter,
            presence=self.devices,
            crash_words=self._reception.crash_words,
            build=self._pages.build,
            session_timeout_seconds=settings.session_minutes * 60,
        )
        self._locking = Locking(self.devices, self.sockets, clock)
        self._departures = Departures(
            self._known_devices, self._verdict, self.sockets.close_device, clock
        )
        forward_addresses(settings, backend)
        self.jobs: Runner | None = None
        self.jobs_machine: MachineClient | None = None
        if settings.jobs == "inside":
            machine = MachineClient(backend, _account(settings.machine_jobs), clock=clock)
            own = [*contact_jobs(machine, clock), *message_jobs(machine)]
            jobs = [*core_jobs(machine, self.seal), *own]
            self.jobs = Runner(jobs, report=machine.report, clock=clock)
            self.jobs_machine = machine
        self.health = Health(
            {
                "auth": self.live_machine.auth_answers,
                "database": self._database_answers,
                "hints": heard_within(lambda: self.hub.heard_at, _HINTS_HEARD_WITHIN, clock),
            },
            clock,
        )

    async def start(self) -> None:
        watch(
            self.metrics,
            self._clock,
            counts=self.sockets.counts,
            devices=lambda: len(self.devices),
            heard_at=lambda: self.hub.heard_at,
            job_lag=lambda: self.jobs.lag if self.jobs else math.nan,
        )
        guard_flet()
        await self.sockets.start()
        await self.hub.start()
        self.hub.listen_all(self._device_hint)
        if self.jobs:
            self.jobs.start()
        self._background.keep(self._locking.keep_looking())
        self._background.keep(self._make_copies())

    async def close(self) -> None:
        await self.sockets.stop()
        if self.jobs:
            await self.jobs.stop()
        await self.hub.stop()
        self._background.cancel()
        for each in (self.live_machine, self.jobs_machine, self._translator):
            if each:
                await each.close()

    async def _make_copies(self) -> None:
        # Who starts now has a right to the whole machine.
        await asyncio.sleep(_COPIES_AFTER)
        settings = self._settings
        await build_apart(self.engine, settings.home, best=settings.squeeze == "best")

    def asgi(self) -> ASGIApp:
        settings = self._settings
        cookie = device_cookie(settings.origin[0])
        help_pages = Help()
        routes: list[BaseRoute] = [
            *self.health.routes(),
            *help_pages.routes(),
            *door_routes(
                settings,
                self._backend,
                self.devices,
                Bindings(self._backend, settings.seal_keys),
                self.sockets.close_device,
            ),
            *outbox.outbox_routes(self.devices, self.seal, self.letterbox),
            *files_web.attachment_routes(self.devices, self.seal),
            *self._locking.routes(),
            *small_files(),
            *install_routes(settings.origin[0]),
            self.engine.route(),
            *warming_routes(self.engine, help_pages.kept),
            WebSocketRoute("/ws", Wishes(self.sockets)),
        ]
        gate = GateSettings(
            origins=frozenset(settings.origin),
            proxies=[str(each) for each in settings.trusted_proxies],
            body_bytes={**photo.BODY_BYTES, **outbox.BODY_BYTES, **files_web.BODY_BYTES},
        )
        router = Router(routes, default=self._pages)
        return Gate(
            router,
            gate,
            cookie,
            partial(identify, self.devices),
            self._report,
            lock=self._locking.lock,
        )

    async def _database_answers(self) -> bool:
        await self.live_machine.db.rpc("machine_changes_since", cursor=None)
        return True

    async def _report(self, request: str, place: str, error: BaseException) -> None:
        await self.live_machine.report(fingerprint(error))

    async def _verdict(self, cookie_hash: str) -> Close | None:
        """Why what this process draws for a device must end."""
        match await self.devices.state(cookie_hash):
            case "gone":
                return Close.SIGNED_OUT
            case "locked":
                return Close.LOCKED
        await self.sockets.tell_lock(cookie_hash)
        return None

    def _device_hint(self, hint: Hint) -> None:
        if hint.kind in _DEVICE_KINDS:
            self._background.keep(self._departures.look(hint.person_id))

    def _known_devices(self, person_id: UUID | None) -> set[str]:
        """Also those without a screen: their cookie would still open the door."""
        return {*self.sockets.devices(person_id), *self.devices.of(person_id)}


def _account(account: Account | None) -> Account:
    if account is None:
        raise ConfigError(["The machine accounts are missing: ./dev machine create live, … jobs."])
    return account
