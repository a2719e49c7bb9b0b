"""Two people open a page to protect somebody, and the young person reads who and why."""

from collections.abc import Awaitable, Callable

import pytest

from app.core.auth import Devices
from app.core.db import Db
from app.core.enrol import Enrolment
from app.core.http import Backend
from app.core.live import LiveHub
from app.core.seal import Seal
from tests.fixtures.people import PASSWORD, Coordinator
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, MakeAccount
from tests.ui.harness import Visitor

REASON = "Nobody has heard of them since Friday night."
MakeLead = Callable[[Account], Awaitable[Account]]


@pytest.fixture
def lead(account: MakeAccount, supabase: Supabase) -> MakeLead:
    """Makes Ruth a cleared safeguarding lead where this coordinator works."""

    async def make(of: Account) -> Account:
        ruth = await account("Ruth")
        supabase.execute(
            "insert into public.memberships (person_id, organisation_id, role, cleared_until)"
            " select %s, m.organisation_id, 'safeguarding_lead', current_date + 30"
            " from public.memberships as m where m.person_id = %s and m.role = 'coordinator'",
            ruth.device.person_id,
            of.device.person_id,
        )
        places = (await ruth.home()).memberships
        await ruth.people.choose_membership(
            next(each.id for each in places if each.role == "safeguarding_lead")
        )
        return ruth

    return make


async def amber(
    miriam: Account, enrolment: Enrolment, backend: Backend, seal: Seal, login: str
) -> Account:
    """A young person of Miriam's organisation who came in with a code."""
    active = (await miriam.home()).active
    assert active
    code = await miriam.people.add_young_person(active.organisation.id, "Amber", "en")
    user = await enrolment.create_user(f"{login}@people.invalid", PASSWORD)

    async def claim(db: Db) -> None:
        await db.rpc("claim_person", code=code.code)

    _, device = await Devices(backend, seal).sign_in(
        f"{login}@people.invalid", PASSWORD, label="Phone", first=claim
    )
    return Account(Coordinator(f"{login}@people.invalid", PASSWORD, "Amber", user), device)


async def ask(visitor: Visitor, who: str, of: str) -> None:
    """Fill the form; nothing is chosen before."""
    await visitor.go("Protect")
    await visitor.tap("Open a page")
    await visitor.until_sees("Whose page?")
    await visitor.tap("Ask")
    await visitor.until_sees("Please choose whose page it is.")
    await visitor.type("Part of the name", who[:3])
    await visitor.tap(who)
    await visitor.type("The reason", REASON)
    await visitor.tap(of)
    await visitor.tap("Ask")
    await visitor.until_sees(f"Waiting for {of} to agree.")


@pytest.mark.parametrize("width", [390, 1000])
async def test_asked_agreed_read_closed_and_told(
    account: MakeAccount,
    lead: MakeLead,
    hub: LiveHub,
    enrolment: Enrolment,
    backend: Backend,
    seal: Seal,
    width: float,
) -> None:
    miriam = await account("Miriam")
    ruth = await lead(miriam)
    young = await amber(miriam, enrolment, backend, seal, f"amber-protect-{width:.0f}")
    phone = await Visitor.open(young.begin(hub))
    asks = await Visitor.open(miriam.begin(hub), width=width)
    await asks.until_sees("Hello Miriam")
    await ask(asks, "Amber", "Ruth")

    agrees = await Visitor.open(ruth.begin(hub), width=width, route="/protect")
    await agrees.until_sees("Miriam asks you to agree.")
    await agrees.tap("Amber")
    await agrees.until_sees(REASON)
    await agrees.tap("I agree, open it")
    await agrees.until_sees("Open for 60 more minutes.")
    await asks.until_sees("Open for 60 more minutes.")

    await agrees.tap("Read the page")
    await agrees.until_sees("In the team")
    await agrees.until_sees("Nobody is on the list yet.")
    assert not agrees.sees("Add somebody")
    await phone.until_sees("Miriam opened your page to protect you.")
    assert phone.sees("Ruth agreed to it.")

    await asks.tap("Close it now")
    await agrees.until_sees("Closed again.")
    await agrees.until_gone("In the team")

    told = await Visitor.open(young.begin(hub), route="/me/opened")
    await told.until_sees("Miriam and Ruth opened your page.")
    assert told.sees(REASON)


async def test_what_is_not_agreed_to_is_never_told(
    account: MakeAccount,
    lead: MakeLead,
    hub: LiveHub,
    enrolment: Enrolment,
    backend: Backend,
    seal: Seal,
) -> None:
    miriam = await account("Miriam")
    ruth = await lead(miriam)
    young = await amber(miriam, enrolment, backend, seal, "amber-refused")
    asks = await Visitor.open(miriam.begin(hub), width=1000)
    await asks.until_sees("Hello Miriam")
    await ask(asks, "Amber", "Ruth")

    agrees = await Visitor.open(ruth.begin(hub), width=1000, route="/protect")
    await agrees.until_sees("Miriam asks you to agree.")
    await agrees.tap("Amber")
    await agrees.until_sees("I do not agree")
    await agrees.tap("I do not agree")
    await agrees.until_sees("Nothing was opened, so Amber is not told.")
    await asks.until_sees("Ruth did not agree.")

    told = await Visitor.open(young.begin(hub), route="/me/opened")
    await told.until_sees("Nobody opened your page to protect you.")
