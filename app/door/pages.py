"""All pages of the door, for one process."""

import time
from collections.abc import Callable

from starlette.routing import BaseRoute

from app.config import Settings
from app.core.auth import Devices
from app.core.bindings import Bindings
from app.core.http import Backend
from app.door.back import back_routes
from app.door.forms import Forms
from app.door.invited import invited_routes
from app.door.join import join_routes
from app.door.known import KnownDevice
from app.door.languages import language_routes
from app.door.lock_choice import LockChoicePages
from app.door.locked import LockedPages
from app.door.paced import Pace
from app.door.photo import PhotoPages
from app.door.signin import SignInPages
from app.door.signout import SignOutPages
from app.door.web import Door, EndSessions
from app.shell.cookies import device_cookie, known_cookie
from app.shell.guises import guise_cookie


def door_routes(
    settings: Settings,
    backend: Backend,
    devices: Devices,
    bindings: Bindings,
    end_sessions: EndSessions,
    clock: Callable[[], float] = time.monotonic,
) -> list[BaseRoute]:
    """Every address of the door. They belong behind the gate: it checks where a form comes from
    and how large it is. `clock` counts the seconds between wrong tries."""
    origin = settings.origin[0]
    door = Door(
        devices,
        device_cookie(origin),
        KnownDevice(known_cookie(origin)),
        bindings,
        Pace(Forms.of(settings), clock),
        login_domain=settings.login_domain,
        end_sessions=end_sessions,
    )
    return [
        *SignInPages(door).routes(),
        *SignOutPages(door, guise_cookie(origin)).routes(),
        *LockedPages(door).routes(),
        *LockChoicePages(door).routes(),
        *PhotoPages(door).routes(),
        *language_routes(),
        *join_routes(settings, backend, devices, door),
        *invited_routes(settings, backend, door),
        *back_routes(settings, backend, devices, door),
    ]
