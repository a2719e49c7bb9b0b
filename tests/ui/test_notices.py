"""What we must tell people stands on their first screen until they have seen it."""

from app.core.live import LiveHub
from tests.fixtures.supabase import Supabase
from tests.ui.conftest import Account, MakeAccount
from tests.ui.harness import Visitor


def tell(supabase: Supabase, account: Account, kind: str, words: str = "{}") -> None:
    """As a function of the database does it."""
    person = account.device.person_id
    supabase.execute(
        "select private.tell(%s, %s, gen_random_uuid(), %s, %s)", person, kind, person, words
    )


async def test_a_notice_appears_by_itself_and_goes_when_it_was_seen_on_any_device(
    account: MakeAccount, hub: LiveHub, supabase: Supabase
) -> None:
    amber = await account("Amber")
    tablet, phone = [await Visitor.open(amber.begin(hub)) for _ in range(2)]
    for visitor in (tablet, phone):
        await visitor.until_sees("Hello Amber")
        assert not visitor.sees("made a code for you")

    tell(supabase, amber, "return_code_made", '{"reason": "phone_lost"}')

    for visitor in (tablet, phone):
        await visitor.until_sees("Amber made a code for you to get back in.")
        assert visitor.sees("The reason: your phone is lost or stolen.")
    await phone.tap("OK")
    for visitor in (tablet, phone):
        await visitor.until_gone("made a code for you")


async def test_the_newest_stands_on_top(
    account: MakeAccount, hub: LiveHub, supabase: Supabase
) -> None:
    amber = await account("Amber")
    tell(supabase, amber, "page_opened")
    tell(supabase, amber, "return_code_used")
    visitor = await Visitor.open(amber.begin(hub))

    await visitor.until_sees("opened your page")
    told = [text for text in visitor.texts if "opened your page" in text or "came in" in text]
    assert "came in" in told[0]
