"""A young person who joined, their key worker, and codes to get back in."""

from dataclasses import dataclass
from uuid import UUID

import httpx

from app.core.auth import Device
from tests.door.conftest import TOKEN, WISH, Doorstep
from tests.fixtures.people import Inviter, MakeInviter
from tests.fixtures.supabase import Supabase

NEW = "three new green words"


@dataclass(frozen=True)
class Pair:
    """`worker` coordinates and is the key worker of the young person, who is signed in as `device`
    and joined with the passphrase of `WISH`."""

    worker: Inviter
    young_id: UUID
    device: Device

    async def code(self, reason: str = "phone_lost") -> str:
        made = await self.worker.device.db.rpc(
            "new_return_code", person=str(self.young_id), reason=reason
        )
        return str(made["code"])


async def make_pair(
    inviter: MakeInviter, supabase: Supabase, doorstep: Doorstep, **typed: str
) -> Pair:
    """The young person joins in this browser; with a passphrase, or as `typed` says."""
    worker = await inviter("Samira")
    supabase.execute(
        "insert into public.memberships (person_id, organisation_id, role, cleared_until)"
        " values (%s, %s, 'key_worker', current_date + 30)",
        worker.device.person_id,
        worker.organisation,
    )
    added = await worker.add("Amber")
    assert (await doorstep.join(added["code"], **typed)).status_code == 200
    cookie = doorstep.browser.cookies.get("handrail-8550")
    assert cookie
    return Pair(worker, UUID(added["person_id"]), await doorstep.devices.open(cookie))


async def get_back_in(
    doorstep: Doorstep, code: str, passphrase: str = NEW, **more: str
) -> httpx.Response:
    """Open the page as a person does, and send its form."""
    page = await doorstep.browser.get(f"/back/{code}")
    return await send(doorstep, page, code, passphrase, **more)


async def send(
    doorstep: Doorstep, page: httpx.Response, code: str, passphrase: str = NEW, **more: str
) -> httpx.Response:
    """Send the form of a page that was opened before."""
    token = TOKEN.search(page.text)
    form = {"code": code, "token": token[1] if token else "", "lang": "en"}
    form |= {"way": "passphrase", "passphrase": passphrase}
    return await doorstep.browser.post("/back", data={**form, **more})


async def prove(
    doorstep: Doorstep, secret: str = WISH["passphrase"], **more: str
) -> httpx.Response:
    """Show the old passphrase, or something else."""
    token = await doorstep.token("/back/prove")
    form = {"token": token, "lang": "en", "secret": secret, **more}
    return await doorstep.browser.post("/back/prove", data=form)
