"""One call of each function for each persona, and the word it is answered with."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.errors import InsufficientPrivilege

from tests.rls.probe import acting_as
from tests.rls.threads import SEALED
from tests.rls.world import World, cookie_hash
from tests.rls.world_rules import REASON

OWN_ROWS = (
    "asked", "running", "contact", "fact", "site", "duty", "made", "thread", "mentor_thread",
    "waiting_thread", "message", "template", "shared_template", "alert", "alert_about",
    "attachment", "chosen", "gone",
    "alert_taken",
)  # fmt: skip
OWN_DEVICE = "select public.{}(%(device)s)"
SEND = "select public.send_message(%({})s, gen_random_uuid(), %(sealed)s, null)"
KEEP = "select public.keep_template(%(organisation)s, gen_random_uuid(), {}, %(sealed)s, 0)"

# Rows of the grid that call a function of another name.
FUNCTIONS = {
    "add_young_person": "add_person",
    "add_mentor": "add_person",
    "add_administrator": "add_person",
    "add_to_other": "add_person",
    "add_trainer_role": "add_role",
    "add_administrator_role": "add_role",
    "add_role_to_stranger": "add_role",
    "end_administrator": "end_membership",
    "end_in_other": "end_membership",
    "rename_other": "rename_organisation",
    "clear_young_person": "set_clearance",
    "set_key_worker_in_other": "set_key_worker",
    "add_to_team_of_own": "add_to_team",
    "leave_as_key_worker": "leave_team",
    "new_code_for_joined": "new_code",
    "open_own": "open_person",
    "open_other": "open_person",
    "return_code_too_soon": "new_return_code",
    "return_code_of_own": "new_return_code",
    "allow_objected_return": "allow_return",
    "invite_administrator": "invite_staff",
    "invite_to_other": "invite_staff",
    "invite_joined_again": "invite_again",
    "remove_administrator": "remove_access",
    "lists_of_other": "young_people_of",
    "staff_of_other": "staff_of",
    "open_protected": "open_person",
    "ask_opening_in_other": "ask_opening",
    "open_needs_protected": "open_needs",
    "open_contacts_protected": "open_contacts",
    "open_justice_protected": "open_justice",
    "open_mentor_thread": "open_thread",
    "open_thread_protected": "open_thread",
    "open_thread_of_own": "open_thread",
    "older_messages_of_mentor": "older_messages",
    "search_thread_of_mentor": "search_thread",
    "send_to_mentor": "send_message",
    "keep_shared_template": "keep_template",
    "remove_shared_template": "remove_template",
    "send_protected": "send_message",
    "read_alert_about_staff": "read_alert",
    "take_alert_about_staff": "take_alert",
    "close_alert_about_staff": "close_alert",
}

CALLS = {
    "join_page": "select public.join_page(%(code)s)",
    "open_device": OWN_DEVICE.format("open_device"),
    "close_device": OWN_DEVICE.format("close_device"),
    "keep_device": "select public.keep_device(%(new_device)s, 'sealed', 'Firefox', 30)",
    "renew_device": "select public.renew_device(%(device)s, 'sealed again', 1)",
    "look_binding": "select public.look_binding(%(binding)s)",
    "try_binding": "select public.try_binding(%(binding)s, array['k1'])",
    "drop_binding": "select public.drop_binding(%(binding)s)",
    "bind_browser": "select public.bind_browser(%(device)s, %(new_device)s, 'pin', 'b1.k1.abc')",
    "renew_binding": "select public.renew_binding(%(device)s, %(binding)s)",
    "lock_device": OWN_DEVICE.format("lock_device"),
    "touch_device": OWN_DEVICE.format("touch_device"),
    "unlock_device": OWN_DEVICE.format("unlock_device"),
    "set_lock": "select public.set_lock(%(device)s, 9)",
    "close_devices": "select public.close_devices(%(device)s, true)",
    "my_devices": OWN_DEVICE.format("my_devices"),
    "close_one_device": "select public.close_one_device(%(device)s,"
    " (public.my_devices(%(device)s) -> 0 ->> 'ref')::uuid)",
    "my_home": OWN_DEVICE.format("my_home"),
    "my_notices": "select public.my_notices()",
    "see_notice": "select public.see_notice(%(notice)s)",
    "choose_membership": "select public.choose_membership(%(device)s, %(membership)s)",
    "update_me": "select public.update_me('Sam', 'de', 'Europe/Vienna', 1)",
    "rename_organisation": "select public.rename_organisation(%(organisation)s, 'New name', 1)",
    "add_young_person": "select public.add_person(%(organisation)s, 'Kim', 'young_person', 'en')",
    "add_mentor": "select public.add_person(%(organisation)s, 'Kim', 'mentor', 'en')",
    "add_administrator": "select public.add_person(%(organisation)s, 'Kim', 'administrator', 'en')",
    "add_trainer_role": "select public.add_role(%(organisation)s, %(person)s, 'trainer')",
    "add_administrator_role": "select public.add_role(%(organisation)s, %(person)s,"
    " 'administrator')",
    "add_role_to_stranger": "select public.add_role(%(organisation)s, %(not_here)s, 'trainer')",
    "back_page": "select public.back_page(%(return_code)s)",
    "new_return_code": "select public.new_return_code(%(young)s, 'new_phone')",
    "return_code_too_soon": "select public.new_return_code(%(waiting)s, 'new_phone')",
    "return_code_of_own": "select public.new_return_code(%(person)s, 'new_phone')",
    "claim_return": "select public.claim_return(%(return_code)s)",
    "object_to_return": "select public.object_to_return(%(return)s)",
    "allow_return": "select public.allow_return(%(return)s)",
    "allow_objected_return": "select public.allow_return(%(objected)s)",
    "begin_proof": "select public.begin_proof()",
    "vouch_for": "select public.vouch_for(%(user)s)",
    "claim_person": "select public.claim_person(%(code)s)",
    "end_membership": "select public.end_membership(%(own)s, 'finished')",
    "end_administrator": "select public.end_membership(%(second)s, 'finished')",
    "found_organisation": "select public.found_organisation()",
    "enlist_machine": "select public.enlist_machine()",
    "machine_beat": "select public.machine_beat()",
    "machine_changes_since": "select public.machine_changes_since(null)",
    "machine_report_error": "select public.machine_report_error('0123abcd', 'KeyError', 'app:1')",
    "machine_waiting": "select public.machine_waiting()",
    "machine_hand_on": "select public.machine_hand_on(%(thread)s, now())",
    "machine_sweep": "select public.machine_sweep()",
    "set_clearance": "select public.set_clearance(%(mentors)s, current_date + 9, 1)",
    "clear_young_person": "select public.set_clearance(%(own)s, null, 1)",
    "set_key_worker": "select public.set_key_worker(%(organisation)s, %(young)s, %(another)s,"
    " %(key_worker)s)",
    "set_key_worker_in_other": "select public.set_key_worker(%(other)s, %(person)s, %(there)s,"
    " %(key_worker_there)s)",
    "add_to_team": "select public.add_to_team(%(organisation)s, %(young)s, %(free)s, 'stand_in',"
    " null)",
    "add_to_team_of_own": "select public.add_to_team(%(organisation)s, %(person)s, %(mentor)s,"
    " 'mentor', null)",
    "leave_team": "select public.leave_team(%(mentor_part)s, 'finished')",
    "leave_as_key_worker": "select public.leave_team(%(key_worker)s, 'finished')",
    "new_code": "select public.new_code(%(waiting)s)",
    "new_code_for_joined": "select public.new_code(%(young)s)",
    "my_team": "select public.my_team()",
    "my_young_people": "select public.my_young_people()",
    "read_together": """select public.read_together('[{"name": "my_team"}, {"name": "?"}]')""",
    "unowned_young_people": "select public.unowned_young_people(%(organisation)s, null, null)",
    "young_people_of": "select public.young_people_of(%(organisation)s, 'a', null, null)",
    "staff_of": "select public.staff_of(%(organisation)s, 'a', null, null)",
    "lists_of_other": "select public.young_people_of(%(other)s, null, null, null)",
    "staff_of_other": "select public.staff_of(%(other)s, null, null, null)",
    "fitting_people": "select public.fitting_people(%(organisation)s, %(young)s, 'stand_in')",
    "hand_over": "select public.hand_over(%(organisation)s, %(young)s, %(free)s,"
    " %(key_worker)s, 'asked_for', false)",
    "remove_access": "select public.remove_access(%(organisation)s, %(fresh)s, 'finished')",
    "remove_administrator": "select public.remove_access(%(organisation)s, %(boss)s, 'finished')",
    "invite_staff": "select public.invite_staff(%(organisation)s, 'Kim', 'mentor', 'en',"
    " 'lo@post.example')",
    "invite_administrator": "select public.invite_staff(%(organisation)s, 'Kim', 'administrator',"
    " 'en', 'lo@post.example')",
    "invite_to_other": "select public.invite_staff(%(other)s, 'Kim', 'mentor', 'en',"
    " 'lo@post.example')",
    "invite_again": "select public.invite_again(%(fresh)s, null)",
    "invite_joined_again": "select public.invite_again(%(trainers)s, 'kim@post.example')",
    "invitation_page": "select public.invitation_page(%(invitation)s)",
    "accept_invitation": "select public.accept_invitation(%(invitation)s)",
    "set_my_card": "select public.set_my_card('she/her', '[]', null, null, null, 1)",
    "close_days": "select public.close_days(%(organisation)s, current_date, current_date + 3)",
    "open_days": "select public.open_days(%(organisation)s, current_date, current_date + 3)",
    "set_my_photo": "select public.set_my_photo(null)",
    "set_key_worker_title": "select public.set_key_worker_title(%(organisation)s, 'Coach', 1)",
    "open_person": "select public.open_person(%(young)s)",
    "open_own": "select public.open_person(%(person)s)",
    "open_other": "select public.open_person(%(not_here)s)",
    "ask_opening": "select public.ask_opening(%(organisation)s, %(person)s, %(protector)s,"
    " %(reason)s, 24, %(reason)s)",
    "ask_opening_in_other": "select public.ask_opening(%(other)s, %(not_here)s, %(protector)s,"
    " %(reason)s, null, null)",
    "agree_opening": "select public.agree_opening(%(asked)s)",
    "close_opening": "select public.close_opening(%(running)s)",
    "my_openings": "select public.my_openings(%(organisation)s)",
    "opening_choices": "select public.opening_choices(%(organisation)s)",
    "openings_of_me": "select public.openings_of_me()",
    "machine_openings": "select public.machine_openings()",
    "open_protected": "select public.open_person(%(waiting)s)",
    "open_needs": "select public.open_needs(%(organisation)s, %(young)s)",
    "open_needs_protected": "select public.open_needs(%(organisation)s, %(waiting)s)",
    "set_needs": "select public.set_needs(%(organisation)s, %(young)s,"
    " '{\"times\": [\"evenings\"]}', '{times}', 1)",
    "open_agreement": "select public.open_agreement(%(organisation)s, %(young)s)",
    "set_agreement": "select public.set_agreement(%(organisation)s, %(young)s,"
    " %(an_agreement)s::jsonb, 1)",
    "log_contact": "select public.log_contact(%(organisation)s, %(young)s, 'call', true, now())",
    "take_back_contact": "select public.take_back_contact(%(made)s)",
    "open_contacts": "select public.open_contacts(%(organisation)s, %(young)s)",
    "open_contacts_protected": "select public.open_contacts(%(organisation)s, %(waiting)s)",
    "add_contact": "select public.add_contact(%(organisation)s, %(young)s, %(a_contact)s::jsonb)",
    "change_contact": "select public.change_contact(%(contact)s, %(a_contact)s::jsonb, 1)",
    "remove_contact": "select public.remove_contact(%(contact)s, 1)",
    "set_birth_year": "select public.set_birth_year(%(organisation)s, 2007)",
    "open_justice": "select public.open_justice(%(organisation)s, %(young)s)",
    "open_justice_protected": "select public.open_justice(%(organisation)s, %(waiting)s)",
    "add_justice_fact": "select public.add_justice_fact(%(organisation)s, %(young)s, 'other',"
    " 'Two hours a week.')",
    "remove_justice_fact": "select public.remove_justice_fact(%(fact)s)",
    "set_consent": "select public.set_consent(%(organisation)s, 'photos', true)",
    "open_consents": "select public.open_consents(%(organisation)s, %(young)s)",
    "add_site": "select public.add_site(%(organisation)s, 'Mill', 'Seeburg', 'Mill 3', null)",
    "change_site": "select public.change_site(%(site)s, 'Pier', 'Seeburg', 'Pier 2', true, 1)",
    "plan_duty": "select public.plan_duty(%(site)s, %(another)s, now(),"
    " now() + interval '2 hours')",
    "cancel_duty": "select public.cancel_duty(%(duty)s)",
    "unsafe_page": "select public.unsafe_page(%(organisation)s, false, null)",
    "send_alert": "select public.send_alert(%(organisation)s, gen_random_uuid(),"
    " clock_timestamp(), false, null, 'call', %(sealed)s)",
    "take_back_alert": "select public.take_back_alert(%(alert)s)",
    "follow_alert": "select public.follow_alert(%(alert)s)",
    "my_alerts": "select public.my_alerts(%(organisation)s)",
    "read_alert": "select public.read_alert(%(alert)s)",
    "read_alert_about_staff": "select public.read_alert(%(alert_about)s)",
    "take_alert": "select public.take_alert(%(alert)s)",
    "take_alert_about_staff": "select public.take_alert(%(alert_about)s)",
    "give_back_alert": "select public.give_back_alert(%(alert_taken)s)",
    "reach_alert": "select public.reach_alert(%(alert_taken)s)",
    "close_alert": "select public.close_alert(%(alert_taken)s, 'safe_now')",
    "close_alert_about_staff": "select public.close_alert(%(alert_about)s, 'safe_now')",
    "machine_alerts": "select public.machine_alerts(null)",
    "duty_page": "select public.duty_page(%(organisation)s)",
    "set_alert_rules": "select public.set_alert_rules(%(organisation)s, 5,"
    " 'The night desk of the town calls you.', 1)",
    "set_retention": "select public.set_retention(%(own)s, 'aftercare', 1)",
    "open_thread": "select public.open_thread(%(young)s, 'key_worker', null)",
    "open_mentor_thread": "select public.open_thread(%(young)s, 'mentor', null)",
    "open_thread_protected": "select public.open_thread(%(waiting)s, 'key_worker', null)",
    "open_thread_of_own": "select public.open_thread(%(person)s, 'key_worker', null)",
    "older_messages": "select public.older_messages(%(thread)s, 9)",
    "older_messages_of_mentor": "select public.older_messages(%(mentor_thread)s, 9)",
    "search_thread": "select public.search_thread(%(thread)s, null)",
    "search_thread_of_mentor": "select public.search_thread(%(mentor_thread)s, 9)",
    "my_threads": "select public.my_threads()",
    "unread_messages": "select public.unread_messages()",
    "send_message": SEND.format("thread"),
    "send_to_mentor": SEND.format("mentor_thread"),
    "send_protected": SEND.format("waiting_thread"),
    "edit_message": "select public.edit_message(%(message)s, %(sealed)s, 1)",
    "take_back_message": "select public.take_back_message(%(message)s)",
    "mark_messages": "select public.mark_messages(%(thread)s, 2, 2)",
    "set_receipts": "select public.set_receipts(false)",
    "send_or_keep_back": "select public.send_or_keep_back(%(thread)s, gen_random_uuid(),"
    " %(sealed)s, %(sealed)s, 9)",
    "drop_kept_back": "select public.drop_kept_back(%(thread)s, gen_random_uuid())",
    "save_draft": "select public.save_draft(%(thread)s, %(sealed)s)",
    "keep_attachment": "select public.keep_attachment(%(thread)s, gen_random_uuid(), %(sealed)s)",
    "send_with_attachment": "select public.send_with_attachment(%(thread)s, gen_random_uuid(),"
    " %(sealed)s, null, %(chosen)s)",
    "read_attachment": "select public.read_attachment(%(attachment)s)",
    "machine_gone_attachments": "select public.machine_gone_attachments()",
    "machine_removed_attachments": "select public.machine_removed_attachments(array[%(gone)s])",
    "machine_forget_messages": "select public.machine_forget_messages()",
    "may_translate": "select public.may_translate(%(message)s, 1, 'words.example')",
    "keep_translation": "select public.keep_translation(%(message)s, 1, 'de', %(sealed)s)",
    "say_translation_wrong": "select public.say_translation_wrong(%(message)s, 1, 'ar')",
    "translating_of": "select public.translating_of(%(organisation)s)",
    "set_translating": "select public.set_translating(%(organisation)s, 'words.example')",
    "set_messages_kept": "select public.set_messages_kept(%(organisation)s, 365, 1)",
    "my_templates": "select public.my_templates(%(organisation)s)",
    "templates_for": "select public.templates_for(%(thread)s)",
    "keep_template": KEEP.format("false"),
    "keep_shared_template": KEEP.format("true"),
    "remove_template": "select public.remove_template(%(template)s)",
    "remove_shared_template": "select public.remove_template(%(shared_template)s)",
    "mentor_threads": "select public.mentor_threads(%(organisation)s)",
    "people_to_write_to": "select public.people_to_write_to(%(organisation)s)",
    "settle_thread": "select public.settle_thread(%(thread)s, 1)",
    "machine_keys": "select public.machine_keys()",
    "machine_sealed": "select public.machine_sealed(array['k1'])",
    "machine_reseal": "select public.machine_reseal('[]')",
    "demo_messages": "select public.demo_messages(%(thread)s, '[]')",
    "rename_other": "select public.rename_organisation(%(other)s, 'New name', 1)",
    "add_to_other": "select public.add_person(%(other)s, 'Kim', 'young_person', 'en')",
    "end_in_other": "select public.end_membership(%(elsewhere)s, 'finished')",
}


def parameters(world: World, persona: str) -> Mapping[str, object]:
    """What the statements of CALLS name, as this persona would send it."""
    return {
        "device": world.devices.get(persona, cookie_hash("nobody's")),
        "new_device": cookie_hash("new"),
        "binding": cookie_hash(f"binding of {persona}"),
        "membership": world.memberships.get(persona),
        "organisation": world.organisation,
        "other": world.other_organisation,
        "own": world.memberships["own"],
        "second": world.memberships["second"],
        "elsewhere": world.memberships["elsewhere"],
        "person": world.people["own"],
        "not_here": world.people["other_young_person"],
        "code": world.code,
        "invitation": world.invitation,
        "fresh": world.people["invited"],
        "trainers": world.people["trainer"],
        "boss": world.people["second"],
        "mentors": world.memberships["mentor"],
        "young": world.people["young_person"],
        "waiting": world.people["waiting"],
        "another": world.people["stand_in"],
        "free": world.people["former_teammate"],
        "mentor": world.people["mentor"],
        "there": world.people["other_key_worker"],
        "key_worker": world.parts["key_worker"],
        "key_worker_there": world.parts["own"],
        "mentor_part": world.parts["mentor"],
        "notice": world.notice,
        "return_code": world.return_code,
        "return": world.returns["open"],
        "objected": world.returns["objected"],
        "user": world.users["young_person"],
        "protector": world.people[
            "coordinator" if persona == "safeguarding_lead" else "safeguarding_lead"
        ],
        "reason": REASON,
        "an_agreement": '{"ways": ["call"], "places": [], "every_days": 3, "answer_days": 1}',
        "sealed": SEALED,
        "a_contact": '{"kind": "trusted", "name": "Uncle"}',
        **{name: world.rows[name] for name in OWN_ROWS},
    }


def answer(connection: psycopg.Connection[Any], world: World, persona: str, name: str) -> str:
    """`ok`, the status of a refusal (`403`), `-` without the right to execute; undone after."""
    with acting_as(connection, world, persona):
        try:
            with connection.transaction():
                connection.execute(CALLS[name].encode(), parameters(world, persona))
        except InsufficientPrivilege:
            return "-"
        except psycopg.Error as error:
            return (error.sqlstate or "").removeprefix("PT")
    return "ok"
