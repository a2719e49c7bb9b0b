"""Templates of the demo: the organisation's, in the languages of its young people, and Samira's."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from app.core.db import Db
from app.core.seal import Seal
from app.messages.templates import Template, Templates

_SAMIRA: Final = "samira@hafenlicht.example"
_SHARED: Final = (
    (
        "Closed",
        {
            "en": "We are closed that day. Write anyway, we answer on the next one.",
            "de": "An dem Tag ist zu. Schreib trotzdem, wir antworten am nächsten.",
            "ar": "نحن مغلقون في ذلك اليوم. اكتب لنا، ونرد في اليوم التالي.",
        },
    ),
    (
        "Reminder of our date",
        {
            "en": "See you tomorrow, as agreed. If it does not suit you, just write.",
            "de": "Bis morgen, wie besprochen. Wenn es nicht passt, schreib einfach.",
            "ar": "نراك غدًا كما اتفقنا. إذا لم يناسبك، فاكتب لنا فقط.",
        },
    ),
    (
        "What to bring",
        {
            "en": "Please bring the letter and an ID, if you have one. A photo is fine.",
            "de": "Bring bitte den Brief mit und, wenn du hast, einen Ausweis. Ein Foto reicht.",
            "ar": "من فضلك أحضر الرسالة وهوية إن كانت لديك. صورة تكفي.",
        },
    ),
)
_OWN: Final = (
    "I am on it",
    {
        "en": "I have asked and tell you as soon as I know more.",
        "de": "Ich habe gefragt und sage dir Bescheid, sobald ich mehr weiß.",
    },
)


async def keep_often(organisation: UUID, founder: Db, own: Mapping[str, Db], seal: Seal) -> None:
    """The founder writes those for all; `own` are the doors of the others by login."""
    for title, texts in _SHARED:
        await Templates(founder, seal).keep(organisation, Template(True, title, texts))
    title, texts = _OWN
    await Templates(own[_SAMIRA], seal).keep(organisation, Template(False, title, texts))
