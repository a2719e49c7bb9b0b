"""The demo organisation, made through the doors of real people, says what it should."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.cli.sign_ins import SignIns
from app.contact.actions import Contact
from app.core.clock import utc_now
from app.core.db import Db
from app.core.enrol import Enrolment
from app.core.http import Backend
from app.core.seal import Seal
from app.demo.duty import BESIDE, FALLBACK, WATCHES
from app.demo.long_talk import MESSAGES
from app.demo.organisation import build, monday_after
from app.messages.actions import Messages
from app.messages.attachments import BUCKET as FILES
from app.messages.attachments import Attachments
from app.messages.model import ThreadKind
from app.people.actions import People
from app.people.contacts import ContactKind, ContactsOf
from app.people.model import who_stands_in
from app.people.needs import Need, NeedsOf
from app.people.photos import BUCKET, Photos
from app.protect.actions import Openings
from app.protect.alert_model import AlertState
from app.protect.alerts import Alerts
from app.protect.model import OpeningState
from app.protect.rota import Rota

SECRET = "three quiet words"


@pytest.fixture
def doors(enrolment: Enrolment, backend: Backend) -> SignIns:
    return SignIns(enrolment, backend, "people.invalid", "http://127.0.0.1:8550")


async def _lena_waits(db: Db) -> None:
    """We owe her a contact, her key worker is away, and somebody answers meanwhile."""
    (row,) = await db.view("memberships", columns="organisation_id,person_id", limit=2)
    touch = await Contact(db, UUID(row["organisation_id"]), UUID(row["person_id"])).read()
    assert touch.agreement.every_days == 7
    assert touch.last_at
    assert (utc_now() - touch.last_at).days == 12
    first, second, *_ = await People(db, "").my_team()
    assert first.back_on
    assert first.back_on.isoweekday() == 1
    assert first.away_words
    assert who_stands_in((first, second)) == second


def test_monday_comes_when_the_town_says_so() -> None:
    # Half past midnight there, and still Sunday in UTC.
    assert monday_after(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == date(2026, 11, 30)
    assert monday_after(datetime(2026, 11, 22, 22, 30, tzinfo=UTC)) == date(2026, 11, 23)


async def test_everybody_says_something_of_their_own(doors: SignIns, seal: Seal) -> None:
    people = {each.login: each for each in await build(doors, SECRET, seal)}

    async def place_of(login: str) -> tuple[NeedsOf, ContactsOf]:
        db = await doors.signed_in(people[login].email, SECRET)
        (row,) = await db.view("memberships", columns="organisation_id,person_id", limit=2)
        ids = UUID(row["organisation_id"]), UUID(row["person_id"])
        return NeedsOf(db, *ids), ContactsOf(db, *ids)

    mateo, _ = await place_of("bright-otter-58")
    needs = await mateo.read()
    assert needs.of(Need.ACCESS) == ("wheelchair",)
    assert needs.travels == {Need.ACCESS, Need.TRAVEL}
    lena, _ = await place_of("quick-maple-63")
    assert (await lena.read()).of(Need.CARING_TIMES) == ("mornings", "evenings")
    await _lena_waits(await doors.signed_in(people["quick-maple-63"].email, SECRET))
    _, around = await place_of("blue-heron-27")
    (guardian,) = (await around.read()).contacts
    assert guardian.kind is ContactKind.GUARDIAN
    assert guardian.must_sign == {"data", "plan"}

    miriam = await doors.signed_in(people["miriam@hafenlicht.example"].email, SECRET)
    (place,) = await miriam.view("organisations", columns="id", limit=2)
    (asked,) = await Openings(miriam).mine(UUID(place["id"]))
    assert (asked.name, asked.state, asked.may_agree) == ("Lena", OpeningState.ASKED, True)
    sites = await miriam.view("sites", columns="name,step_free", order="name")
    assert [(each["name"], each["step_free"]) for each in sites] == [
        ("Alte Mühle", None),
        ("Haus am Kai", True),
    ]
    watch = await Alerts(miriam, seal).on_duty(UUID(place["id"]))
    assert watch.there == ("Ruth Adeyemi", "Samira Haddad")
    (over,) = watch.alerts
    assert (over.name, over.state) == ("Emeka", AlertState.CLOSED)
    rota = await Rota(miriam).page(UUID(place["id"]))
    assert (len(rota.duties), rota.rules.fallback) == (len(WATCHES) + len(BESIDE), FALLBACK)

    samira = await doors.signed_in(people["samira@hafenlicht.example"].email, SECRET)
    hers = await samira.rpc("my_young_people")
    assert len([each for each in hers if each["part"] == "key_worker"]) == 25

    inbox = await Messages(samira, seal).threads()
    assert [each.name for each in inbox if each.waiting_since] == ["Emeka"]
    jonas = await doors.signed_in(people["jonas@hafenlicht.example"].email, SECRET)
    waiting = [each.name for each in await Messages(jonas, seal).threads() if each.waiting_since]
    assert waiting == ["Hana"]
    yusuf = await doors.signed_in(people["calm-river-41"].email, SECRET)
    (me,) = [each for each in inbox if each.name == "Yusuf"]
    long = await Messages(yusuf, seal).open(me.young_person)
    phrase = long.messages[-1]
    assert (phrase.seq, phrase.language, long.has_older) == (MESSAGES + 1, "en", True)
    assert phrase.picked
    assert all(each.read for each in (await Messages(samira, seal).open(me.young_person)).messages)
    assert all(each.text for each in long.messages)
    mateo_s = await doors.signed_in(people["bright-otter-58"].email, SECRET)
    (way,) = await Messages(mateo_s, seal).threads()
    assert way.unread == 0
    sent = (await Messages(mateo_s, seal).open(way.young_person)).messages[-2:]
    kept = await doors.files(people["bright-otter-58"].email, SECRET, FILES)
    for message, name in zip(sent, ("Tram stop.jpg", "Way to the company.pdf"), strict=True):
        assert message.attachment
        file, content = await Attachments(mateo_s, kept, seal).read(message.attachment.id)
        assert (file.name, len(content)) == (name, file.size)
    kofi = await doors.signed_in(people["kofi@hafenlicht.example"].email, SECRET)
    assert {each.kind for each in await Messages(kofi, seal).threads()} == {ThreadKind.MENTOR}

    selam = await doors.signed_in(people["blue-heron-27"].email, SECRET)
    team = await People(selam, "").my_team()
    files = await doors.files(people["blue-heron-27"].email, SECRET, BUCKET)
    for member in team[:2]:
        assert member.photo
        person, version = map(UUID, member.photo.removeprefix("/photo/").split("/"))
        assert await Photos(selam, files).read(person, version)
