"""Somebody answers with their PIN or pictures: what comes of it, for every page that asks."""

from dataclasses import dataclass

from starlette.requests import Request

from app.core.bindings import Opened
from app.core.errors import Invalid, NotAllowed, Unreachable
from app.core.i18n import Translator
from app.door.join_words import Trouble, many_tries, send_again, try_later
from app.door.known import Known
from app.door.ways import Chosen, tries_left, try_trouble
from app.door.web import Door
from app.shell.limits import TooMany


@dataclass(frozen=True)
class Tried:
    """One of three: `opened`, or `trouble` to show with `status`, or neither: after the fifth wrong
    answer the browser is bound to nobody any more."""

    opened: Opened | None = None
    trouble: Trouble | None = None
    status: int = 422


async def try_answer(
    door: Door, request: Request, t: Translator, known: Known, chosen: Chosen | None
) -> Tried:
    """Count and judge one try. What is no PIN at all, or no four pictures, is none."""
    if chosen is None:
        return Tried(trouble=Trouble("", send_again(t)))
    if trouble := try_trouble(t, chosen):
        return Tried(trouble=trouble)
    try:
        door.pace.check(request)
        async with door.pace.step(request):
            return Tried(await door.bindings.open(known.cookie, chosen.answer))
    except TooMany:
        return Tried(trouble=Trouble("", many_tries(t)), status=429)
    except Unreachable:
        return Tried(trouble=Trouble("", try_later(t)), status=503)
    except Invalid:
        # A form for a PIN, sent where pictures open by now, or the other way round.
        return Tried(trouble=Trouble("", send_again(t)))
    except NotAllowed as error:
        if error.code not in ("wrong_answer", "unbound"):
            raise
        door.pace.wrong(request)
        left = int(error.fields.get("tries_left", 0))
        return Tried(trouble=tries_left(t, chosen.kind, left)) if left else Tried()
