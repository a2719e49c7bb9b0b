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
    """`login` is typed on the sign-in page: a login name, or for staff a mail address."""

    name: str
    role: str
    language: str
    login: str
    more_roles: tuple[str, ...] = ()


HAFENLICHT = DemoOrganisation("Hafenlicht", "Nordhafen", "DE", "Europe/Berlin")
FOUNDER = DemoPerson("Miriam Okafor", "coordinator", "en", "miriam@hafenlicht.example")
PEOPLE = (
    DemoPerson("Samira Haddad", "key_worker", "en", "samira@hafenlicht.example"),
    DemoPerson("Jonas Weber", "key_worker", "de", "jonas@hafenlicht.example", ("trainer",)),
    DemoPerson("Tomás Vega", "trainer", "en", "tomas@hafenlicht.example"),
    DemoPerson("Ines Marković", "professional", "de", "ines@hafenlicht.example"),
    DemoPerson("Kofi Mensah", "mentor", "en", "kofi@hafenlicht.example"),
    DemoPerson("Ruth Adeyemi", "safeguarding_lead", "en", "ruth@hafenlicht.example"),
    DemoPerson("Pavel Novák", "administrator", "de", "pavel@hafenlicht.example"),
    DemoPerson("Selam", "young_person", "en", "blue-heron-27"),
    DemoPerson("Yusuf", "young_person", "ar", "calm-river-41"),
    DemoPerson("Lena", "young_person", "de", "quick-maple-63"),
)
