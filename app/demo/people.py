"""Who lives in the demo: an invented youth service in an invented harbour town.

Names come from many places, and trouble never follows origin. Mail addresses end in `.example`;
young people have none and sign in with a login name.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoOrganisation:
    name: str
    town: str
    country: str
    time_zone: str


@dataclass(frozen=True)
class DemoPerson:
    """`login` is typed on the sign-in page: a login name, or for staff a mail address.

    A young person has the login of their `key_worker`; without one a coordinator added them.
    """

    name: str
    role: str
    language: str
    login: str
    more_roles: tuple[str, ...] = ()
    cleared: bool = True
    key_worker: str | None = None


@dataclass(frozen=True)
class DemoLook:
    """The two tints of a portrait, and whether the hair is long."""

    light: str
    dark: str
    long_hair: bool


@dataclass(frozen=True)
class DemoCard:
    """What somebody of the staff says about themselves: the same hours on each of `days`.

    `look` is how their portrait is drawn. With words in `until_monday` they are away until then.
    """

    login: str
    pronouns: str
    days: tuple[int, ...]
    start: str
    end: str
    look: DemoLook
    until_monday: str = ""
    phone: str = ""


@dataclass(frozen=True)
class DemoPart:
    """What somebody is in the team of a young person, both by login; named by the key worker."""

    young_person: str
    login: str
    part: str
    life_areas: tuple[str, ...] = ()


HAFENLICHT = DemoOrganisation("Hafenlicht", "Nordhafen", "DE", "Europe/Berlin")
FOUNDER = DemoPerson("Miriam Okafor", "coordinator", "en", "miriam@hafenlicht.example")
SAMIRA, JONAS = "samira@hafenlicht.example", "jonas@hafenlicht.example"
STAFF = (
    DemoPerson("Samira Haddad", "key_worker", "en", SAMIRA),
    DemoPerson("Jonas Weber", "key_worker", "de", JONAS, ("trainer",)),
    DemoPerson("Tomás Vega", "trainer", "en", "tomas@hafenlicht.example"),
    DemoPerson("Ines Marković", "professional", "de", "ines@hafenlicht.example"),
    DemoPerson("Kofi Mensah", "mentor", "en", "kofi@hafenlicht.example"),
    DemoPerson("Aylin Demir", "mentor", "de", "aylin@hafenlicht.example", cleared=False),
    DemoPerson("Ruth Adeyemi", "safeguarding_lead", "en", "ruth@hafenlicht.example"),
    DemoPerson("Pavel Novák", "administrator", "de", "pavel@hafenlicht.example"),
)
# Written to, and not come in yet: the mail lies where `./dev status` says.
INVITED = (DemoPerson("Leyla Aydın", "mentor", "de", "leyla@hafenlicht.example"),)
YOUNG_PEOPLE = (
    DemoPerson("Selam", "young_person", "en", "blue-heron-27", key_worker=SAMIRA),
    DemoPerson("Yusuf", "young_person", "ar", "calm-river-41", key_worker=SAMIRA),
    DemoPerson("Lena", "young_person", "de", "quick-maple-63", key_worker=JONAS),
    DemoPerson("Mateo", "young_person", "en", "bright-otter-58", key_worker=JONAS),
    DemoPerson("Emeka", "young_person", "en", "steady-lark-35", key_worker=SAMIRA),
    DemoPerson("Hana", "young_person", "de", "early-cedar-72", key_worker=JONAS),
)
# A full list: a key worker has more young people than fit on one screen.
_MORE = (
    "Adrian", "Bilal", "Chiara", "Dilara", "Elif", "Finn", "Grace", "Hiwot", "Idris", "Jelena",
    "Kwame", "Lior", "Minh", "Nadia", "Oskar", "Priya", "Rasa", "Sofia", "Tarek", "Yara", "Zeynep",
)  # fmt: skip
# Noted down, and not come in with their code yet; so they have no login.
EXPECTED = (
    DemoPerson("Daryna", "young_person", "uk", "", key_worker=SAMIRA),
    DemoPerson("Milan", "young_person", "de", ""),
    *(DemoPerson(name, "young_person", "de", "", key_worker=SAMIRA) for name in _MORE),
)
# Whom their key worker made a code to get back in for, and why; they have not seen it yet.
BACK_IN = ("quick-maple-63", "new_phone")
TEAMS = (
    DemoPart("blue-heron-27", JONAS, "stand_in"),
    DemoPart("blue-heron-27", "ines@hafenlicht.example", "professional", ("health",)),
    DemoPart("quick-maple-63", SAMIRA, "stand_in"),
    DemoPart("quick-maple-63", "kofi@hafenlicht.example", "mentor"),
    DemoPart("early-cedar-72", "kofi@hafenlicht.example", "mentor"),
)

CARDS = (
    DemoCard(
        SAMIRA,
        "she/her",
        (1, 2, 4),
        "09:00",
        "17:00",
        DemoLook("#f3d9b8", "#7a3e2b", True),
        phone="+49 471 5550142",
    ),
    DemoCard(
        JONAS,
        "er/ihm",
        (1, 2, 3, 4, 5),
        "08:00",
        "14:00",
        DemoLook("#cfe3e6", "#1f5a63", False),
        until_monday="Bin am Meer. Samira ist für dich da.",
    ),
)
