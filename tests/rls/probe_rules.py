"""Which rows the table grid means by what is told, opened and kept apart."""

from collections.abc import Mapping

from tests.rls.threads import thread_rows
from tests.rls.world import World

# (where, column, insert, values), as `probe.Target` takes them
Row = tuple[str, str, str, Mapping[str, object]]


def rules_rows(world: World) -> dict[tuple[str, str], Row]:
    """Each with a statement to insert another one like it."""
    about = {
        "place": world.organisation,
        "young": world.people["young_person"],
        "lead": world.people["safeguarding_lead"],
        "coordinator": world.people["coordinator"],
        "other": world.people["own"],
        "worker": world.people["key_worker"],
        "there": world.other_organisation,
        "alert": world.rows["alert"],
    }
    of_young = "young_person_id = %(young)s"
    return {
        ("private.openings", "any"): (
            of_young,
            "reason",
            "(organisation_id, young_person_id, asked_by, asked_of, reason)"
            " values (%(place)s, %(other)s, %(lead)s, %(coordinator)s, repeat('x', 20))",
            about,
        ),
        ("private.alerts", "any"): (
            of_young,
            "reach",
            "(id, organisation_id, young_person_id, about_staff, reach)"
            " values (gen_random_uuid(), %(place)s, %(young)s, false, 'no')",
            about,
        ),
        ("private.alert_tellings", "any"): (
            "person_id = %(worker)s",
            "step",
            "values (%(alert)s, %(coordinator)s, 'next', now())",
            about,
        ),
        ("private.alert_rules", "any"): (
            "organisation_id = %(place)s",
            "minutes",
            "(organisation_id, minutes, fallback) values (%(there)s, 5, 'Somebody calls you.')",
            about,
        ),
        ("private.needs", "any"): (
            of_young,
            "wishes",
            "(organisation_id, young_person_id, wishes, travels, written_by)"
            " values (%(place)s, %(other)s, '{}', '{}', %(other)s)",
            about,
        ),
        ("private.contacts", "any"): (
            of_young,
            "name",
            "(organisation_id, young_person_id, kind, name, may_know, must_sign, never_told,"
            " added_by) values (%(place)s, %(young)s, 'trusted', 'Uncle', '{}', '{}', '{}',"
            " %(young)s)",
            about,
        ),
        ("private.agreements", "any"): (
            of_young,
            "every_days",
            "(organisation_id, young_person_id, ways, every_days, places, answer_days, written_by)"
            " values (%(place)s, %(other)s, '{chat}', 7, '{}', 2, %(other)s)",
            about,
        ),
        ("private.contacts_made", "any"): (
            of_young,
            "kind",
            "(organisation_id, young_person_id, kind, met, at, made_by)"
            " values (%(place)s, %(young)s, 'call', true, now(), %(coordinator)s)",
            about,
        ),
        ("private.birth_years", "any"): (
            of_young,
            "year",
            "values (%(place)s, %(other)s, 2007)",
            about,
        ),
        ("public.justice_facts", "team"): (
            of_young,
            "words",
            "(organisation_id, young_person_id, kind, words, written_by)"
            " values (%(place)s, %(young)s, 'other', 'New', %(young)s)",
            about,
        ),
        ("public.consents", "team"): (
            of_young,
            "given",
            "(organisation_id, young_person_id, purpose, given)"
            " values (%(place)s, %(young)s, 'ai', true)",
            about,
        ),
        **_places(world),
        **thread_rows(world),
    }


def _places(world: World) -> dict[tuple[str, str], Row]:
    rows: dict[tuple[str, str], Row] = {}
    for row, place, site, duty, person in (
        ("own", world.organisation, "site", "duty", "key_worker"),
        ("other", world.other_organisation, "site_there", "duty_there", "other_key_worker"),
    ):
        values = {
            "place": place,
            "site": world.rows[site],
            "duty": world.rows[duty],
            "person": world.people[person],
        }
        rows["public.sites", row] = (
            "id = %(site)s",
            "name",
            "(organisation_id, name, town, address) values (%(place)s, 'New', 'Seeburg', 'Quay 2')",
            values,
        )
        rows["public.closed_days", row] = (
            "organisation_id = %(place)s",
            "day",
            "(organisation_id, day) values (%(place)s, '2031-01-02')",
            values,
        )
        rows["public.duties", row] = (
            "id = %(duty)s",
            "starts_at",
            "(site_id, organisation_id, person_id, starts_at, ends_at) values (%(site)s, %(place)s,"
            " %(person)s, now() + interval '2 days', now() + interval '50 hours')",
            values,
        )
    return rows
