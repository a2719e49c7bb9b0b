"""Who may do what, written by hand. The tests compare it with what the database does.

Whoever adds a table, a function or a role adds it here first; the suite fails until the grid
has a line and a column for it.
"""

# S select, I insert, U update, D delete; - none of them; . there is no such row for this persona.
# self: the persona's own · own: somebody's (something's) of their organisation · other: of another
# organisation · ended: of somebody who left · elsewhere: another organisation's row about a person
# who belongs to both · team: of the young person in whose team key worker, mentor, professional and
# stand-in are (the professional's part; of cards the key worker's) · mentor: the mentor's part
# there · staff: of the trainer. Of stored objects, self is a picture of the persona that no card
# names any more, the others are on cards.
TABLES = """
table                       row       anonymous stranger former_member young_person key_worker mentor trainer coordinator professional safeguarding_lead administrator machine_live machine_jobs stand_in former_teammate uncleared_mentor uncleared_coordinator other_key_worker
public.countries            any       -         -        S             S            S          S      S       S           S            S                 S             -            -            S        S               S                S                     S
public.organisations        own       -         -        -             S            S          S      S       S           S            S                 S             -            -            S        S               S                S                     -
public.organisations        other     -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     S
public.people               self      .         .        S             S            S          S      S       S           S            S                 S             .            .            S        S               S                S                     S
public.people               own       -         -        -             -            -          -      -       S           -            -                 S             -            -            -        -               -                -                     S
public.people               team      -         -        -             S            S          -      -       S           S            -                 S             -            -            S        -               -                -                     -
public.people               staff     -         -        -             -            -          -      S       S           -            -                 S             -            -            -        -               -                S                     -
public.people               ended     -         -        .             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
public.people               other     -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
public.memberships          self      .         .        S             S            S          S      S       S           S            S                 S             .            .            S        S               S                S                     S
public.memberships          own       -         -        -             -            -          -      -       S           -            -                 S             -            -            -        -               -                -                     -
public.memberships          team      -         -        -             S            -          -      -       S           -            -                 S             -            -            -        -               -                -                     -
public.memberships          staff     -         -        -             -            -          -      S       S           -            -                 S             -            -            -        -               -                S                     -
public.memberships          ended     -         -        .             -            -          -      -       S           -            -                 S             -            -            -        -               -                S                     -
public.memberships          elsewhere -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
public.memberships          other     -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
public.team_members         mentor    -         -        -             S            S          S      -       S           S            -                 S             -            -            S        -               -                -                     -
public.team_members         team      -         -        -             S            S          -      -       S           S            -                 S             -            -            S        -               -                -                     -
public.team_members         ended     -         -        -             S            -          -      -       S           -            -                 S             -            -            -        -               -                -                     -
public.team_members         other     -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     S
public.sites                own       -         -        -             S            S          S      S       S           S            S                 S             -            -            S        S               S               S                     -
public.sites                other     -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     S
public.closed_days          own       -         -        -             S            S          S      S       S           S            S                 S             -            -            S        S               S               S                     -
public.closed_days          other     -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     S
public.duties               own       -         -        -             S            S          S      S       S           S            S                 S             -            -            S        S               S               S                     -
public.duties               other     -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     S
public.justice_facts        team      -         -        -             S            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
public.consents             team      -         -        -             S            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
public.staff_cards          self      .         .        S             S            S          S      S       S           S            S                 S             .            .            S        S               S                S                     S
public.staff_cards          team      -         -        -             S            S          S      S       S           S            S                 S             -            -            S        S               -                -                     -
public.staff_cards          staff     -         -        -             -            S          S      S       S           S            S                 S             -            -            S        S               -                -                     -
public.staff_cards          other     -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     S
private.current_memberships own       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.current_teams       team      -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.access_log          any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.access_chains       any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.audit               any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.codes               any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.devices             self      .         .        -             -            -          -      -       -           -            -                 -             .            .            -        -               -                -                     -
private.devices             any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.openings            any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
private.alerts              any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
private.alert_tellings           any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
private.alert_rules           any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
private.needs               any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
private.contacts            any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
private.agreements          any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
private.contacts_made       any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
private.hand_ons            any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
 private.threads            any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
 private.messages           any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
 private.message_versions   any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
 private.thread_marks       any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
 private.receipts_off       any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.templates           any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.attachments         any       -        -        -        -        -        -        -        -        -        -        -        -        -        -        -        -        -        -
private.attachments_gone    any       -        -        -        -        -        -        -        -        -        -        -        -        -        -        -        -        -        -
 private.drafts             any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
 private.kept_back          any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
 private.translations       any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
 private.translating        any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.birth_years         any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -               -                     -
private.errors              any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
 private.invitations        any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.fitting_roles       any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.hints               any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.machines            any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.notices             any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.returns             any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.proof_tries         any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.sign_ins            self      .         .        -             -            -          -      -       -           -            -                 -             .            .            -        -               -                -                     -
private.sign_ins            any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
private.bindings            self      .         .        -             -            -          -      -       -           -            -                 -             .            .            -        -               -                -                     -
private.bindings            any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
realtime.messages           hint      -         -        -             -            -          -      -       -           -            -                 -             S            -            -        -               -                -                     -
realtime.messages           any       -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     -
storage.objects             self      .         .        -             -            SID        SID    SID     SID         SID          SID               SID           .            .            SID      SID             SID              SID                   SID
storage.objects             team      -         -        -             S            SID        S      S       S           S            S                 S             -            -            S        S               -                -                     -
storage.objects             staff     -         -        -             -            S          S      SID     S           S            S                 S             -            -            S        S               -                -                     -
storage.objects             other     -         -        -             -            -          -      -       -           -            -                 -             -            -            -        -               -                -                     SID
storage.objects             sent      -        -        -        S        S        -        -        -        -        -        -        -        -        S        -        -        -        -
storage.objects             chosen    -        -        -        SI       S        -        -        -        -        -        -        -        -        S        -        -        -        -
storage.objects             gone      -        -        -        S        S        -        -        -        -        -        -        -        SD       S        -        -        -        -
"""  # noqa: E501  (a table)

# What each function of the public schema answers when a persona calls it for their own (or for
# their former) organisation: ok · 401, 403, 404, 409, 422 as PTnnn · - not executable at all.
CALLS = """
function                anonymous stranger former_member young_person key_worker mentor trainer coordinator professional safeguarding_lead administrator machine_live machine_jobs stand_in former_teammate uncleared_mentor uncleared_coordinator other_key_worker
open_device             ok        ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
join_page               ok        ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
close_device            ok        ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
look_binding            ok        ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
try_binding             ok        ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
drop_binding            ok        ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
lock_device             ok        ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
touch_device            ok        ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
keep_device             -         ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
renew_device            -         401      ok            ok           ok         ok     ok      ok          ok           ok                ok            401          401          ok       ok              ok               ok                    ok
bind_browser            -         401      ok            ok           ok         ok     ok      ok          ok           ok                ok            401          401          ok       ok              ok               ok                    ok
renew_binding           -         401      ok            ok           ok         ok     ok      ok          ok           ok                ok            401          401          ok       ok              ok               ok                    ok
unlock_device           -         401      ok            ok           ok         ok     ok      ok          ok           ok                ok            401          401          ok       ok              ok               ok                    ok
set_lock                -         401      ok            ok           ok         ok     ok      ok          ok           ok                ok            401          401          ok       ok              ok               ok                    ok
close_devices           -         401      ok            ok           ok         ok     ok      ok          ok           ok                ok            401          401          ok       ok              ok               ok                    ok
my_devices              -         401      ok            ok           ok         ok     ok      ok          ok           ok                ok            401          401          ok       ok              ok               ok                    ok
close_one_device        -         401      ok            ok           ok         ok     ok      ok          ok           ok                ok            401          401          ok       ok              ok               ok                    ok
my_home                 -         401      ok            ok           ok         ok     ok      ok          ok           ok                ok            401          401          ok       ok              ok               ok                    ok
my_notices              -         403      ok            ok           ok         ok     ok      ok          ok           ok                ok            403          403          ok       ok              ok               ok                    ok
see_notice              -         403      404           ok           404        404    404     404         404          404               404           403          403          404      404             404              404                   404
choose_membership       -         401      403           ok           ok         ok     ok      ok          ok           ok                ok            401          401          ok       ok              ok               ok                    ok
update_me               -         403      ok            ok           ok         ok     ok      ok          ok           ok                ok            403          403          ok       ok              ok               ok                    ok
rename_organisation     -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              ok                    403
add_young_person        -         403      403           403          ok         403    403     ok          403          403               ok            403          403          ok       ok              403              403                   403
add_mentor              -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              ok                    403
add_administrator       -         403      403           403          403        403    403     403         403          403               ok            403          403          403      403             403              403                   403
add_trainer_role        -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              ok                    403
add_administrator_role  -         403      403           403          403        403    403     403         403          403               ok            403          403          403      403             403              403                   403
add_role_to_stranger    -         403      403           403          403        403    403     404         403          403               404           403          403          403      403             403              404                   403
set_clearance           -         403      403           403          403        403    403     ok          403          403               403           403          403          403      403             403              403                   403
clear_young_person      -         403      403           403          403        403    403     422         403          403               403           403          403          403      403             403              403                   403
set_key_worker          -         403      403           403          403        403    403     ok          403          403               403           403          403          403      403             403              403                   403
add_to_team             -         403      403           403          ok         403    403     ok          403          403               403           403          403          403      403             403              403                   403
add_to_team_of_own      -         403      403           403          403        403    403     ok          403          403               403           403          403          403      403             403              403                   403
leave_team              -         403      403           403          ok         ok     403     ok          403          403               403           403          403          403      403             403              403                   403
leave_as_key_worker     -         403      403           403          403        403    403     ok          403          403               403           403          403          403      403             403              403                   403
new_code                -         403      403           403          ok         403    403     ok          403          403               403           403          403          403      403             403              403                   403
new_code_for_joined     -         403      403           403          409        403    403     409         403          403               403           403          403          403      403             403              403                   403
my_team                 -         403      ok            ok           ok         ok     ok      ok          ok           ok                ok            403          403          ok       ok              ok               ok                    ok
my_young_people         -         403      ok            ok           ok         ok     ok      ok          ok           ok                ok            403          403          ok       ok              ok               ok                    ok
read_together           -         ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
unowned_young_people    -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              403                   403
 invite_staff           -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              ok                    403
 invite_administrator   -         403      403           403          403        403    403     403         403          403               ok            403          403          403      403             403              403                   403
 invite_to_other        -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   403
 invite_again           -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              ok                    403
 invite_joined_again    -         403      403           403          403        403    403     409         403          403               409           403          403          403      403             403              409                   403
 invitation_page        ok        ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
 accept_invitation      -         403      ok            409          409        409    409     409         409          409               409           403          403          409      409             409              409                   ok
 young_people_of        -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              403                   403
 staff_of               -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              ok                    403
 fitting_people         -         403      403           403          ok         403    403     ok          403          403               403           403          403          403      403             403              403                   403
 hand_over              -         403      403           403          403        403    403     ok          403          403               403           403          403          403      403             403              403                   403
 remove_access          -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              ok                    403
 remove_administrator   -         403      403           403          403        403    403     403         403          403               ok            403          403          403      403             403              403                   403
 lists_of_other         -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   403
 staff_of_other         -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   403
open_person             -         403      403           403          ok         ok     403     ok          ok           403               ok            403          403          ok       403             403              403                   403
open_own                -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              403                   ok
 open_thread            -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 open_mentor_thread     -         403      403           ok           403        ok     403     ok          403          403               403           403          403          403      403             403              403                   403
 open_thread_protected  -         403      403           403          ok         403    403     ok          403          ok                403           403          403          403      403             403              403                   403
 open_thread_of_own     -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   ok
 older_messages         -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 older_messages_of_mentor -       403      403           ok           403        ok     403     ok          403          403               403           403          403          403      403             403              403                   403
 search_thread          -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 search_thread_of_mentor  -       403      403           ok           403        ok     403     ok          403          403               403           403          403          403      403             403              403                   403
 my_threads             -         403      ok            ok           ok         ok     ok      ok          ok           ok                ok            403          403          ok       ok              ok               ok                    ok
 unread_messages        -         403      ok            ok           ok         ok     ok      ok          ok           ok                ok            403          403          ok       ok              ok               ok                    ok
 send_message           -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 send_to_mentor         -         403      403           ok           403        ok     403     403         403          403               403           403          403          403      403             403              403                   403
 send_protected         -         403      403           403          ok         403    403     403         403          403               403           403          403          403      403             403              403                   403
 edit_message           -         403      403           ok           403        403    403     403         403          403               403           403          403          403      403             403              403                   403
 take_back_message      -         403      403           ok           403        403    403     403         403          403               403           403          403          403      403             403              403                   403
 mark_messages          -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 settle_thread          -         403      403           403          ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 set_receipts           -         403      ok            ok           ok         ok     ok      ok          ok           ok                ok            403          403          ok       ok              ok               ok                    ok
 save_draft             -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 send_or_keep_back      -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 drop_kept_back         -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 may_translate          -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 keep_translation       -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 say_translation_wrong  -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
 demo_messages          -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   403
ask_opening             -         403      403           403          403        403    403     ok          403          ok                403           403          403          403      403             403             403                   403
ask_opening_in_other    -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403             403                   403
agree_opening           -         403      403           403          403        403    403     ok          403          403               403           403          403          403      403             403             403                   403
close_opening           -         403      403           403          403        403    403     ok          403          ok                403           403          403          403      403             403             403                   403
my_openings             -         403      403           403          403        403    403     ok          403          ok                403           403          403          403      403             403             403                   403
opening_choices         -         403      403           403          403        403    403     ok          403          ok                403           403          403          403      403             403             403                   403
openings_of_me          -         403      ok            ok           ok         ok     ok      ok          ok           ok                ok            403          403          ok       ok              ok              ok                    ok
open_protected          -         403      403           403          ok         403    403     ok          403          ok                ok            403          403          403      403             403             403                   403
open_needs              -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403             403                   403
open_needs_protected    -         403      403           403          ok         403    403     ok          403          ok                403           403          403          403      403             403             403                   403
set_needs               -         403      403           ok           ok         403    403     403         403          403               403           403          403          403      403             403             403                   403
open_agreement          -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
set_agreement           -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
log_contact             -         403      403           403          ok         403    403     403         403          403               403           403          403          ok       403             403              403                   403
take_back_contact       -         403      403           403          ok         403    403     403         403          403               403           403          403          403      403             403              403                   403
open_contacts           -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403             403                   403
open_contacts_protected -         403      403           403          ok         403    403     ok          403          ok                403           403          403          403      403             403             403                   403
add_contact             -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403             403                   403
change_contact          -         403      403           ok           403        403    403     403         403          403               403           403          403          403      403             403             403                   403
remove_contact          -         403      403           ok           403        403    403     403         403          403               403           403          403          403      403             403             403                   403
set_birth_year          -         403      403           ok           403        403    403     403         403          403               403           403          403          403      403             403             403                   403
open_justice            -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403             403                   403
open_justice_protected  -         403      403           403          ok         403    403     403         403          403               403           403          403          403      403             403             403                   403
add_justice_fact        -         403      403           ok           ok         403    403     403         403          403               403           403          403          403      403             403             403                   403
remove_justice_fact     -         403      403           ok           ok         403    403     403         403          403               403           403          403          403      403             403             403                   403
set_consent             -         403      403           ok           403        403    403     403         403          403               403           403          403          403      403             403             403                   403
open_consents           -         403      403           ok           ok         403    403     403         403          403               403           403          403          ok       403             403             403                   403
add_site                -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403             ok                    403
change_site             -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403             ok                    403
unsafe_page              -        403      403           ok           403        403    403     403         403          403               403           403          403          403      403             403              403                   403
send_alert               -        403      403           ok           403        403    403     403         403          403               403           403          403          403      403             403              403                   403
take_back_alert          -        403      404           ok           404        404    404     404         404          404               404           403          403          404      404             404              404                   404
follow_alert             -        403      404           ok           404        404    404     404         404          404               404           403          403          404      404             404              404                   404
my_alerts                -        403      403           403          ok         403    403     ok          403          ok                403           403          403          ok       ok              403              403                   403
read_alert               -        403      403           403          ok         403    403     ok          403          ok                403           403          403          403      403             403              403                   403
read_alert_about_staff   -        403      403           403          403        403    403     ok          403          ok                403           403          403          403      403             403              403                   403
take_alert               -        403      403           403          ok         403    403     ok          403          ok                403           403          403          403      403             403              403                   403
take_alert_about_staff   -        403      403           403          403        403    403     ok          403          ok                403           403          403          403      403             403              403                   403
give_back_alert          -        403      403           403          ok         403    403     ok          403          ok                403           403          403          403      403             403              403                   403
reach_alert              -        403      403           403          ok         403    403     ok          403          ok                403           403          403          403      403             403              403                   403
close_alert              -        403      403           403          ok         403    403     ok          403          ok                403           403          403          403      403             403              403                   403
close_alert_about_staff  -        403      403           403          403        403    403     409         403          409               403           403          403          403      403             403              403                   403
duty_page                -        403      403           403          403        403    403     ok          403          ok                403           403          403          403      403             403              403                   403
set_alert_rules          -        403      403           403          403        403    403     ok          403          ok                403           403          403          403      403             403              403                   403
plan_duty               -         403      403           403          403        403    403     ok          403          ok                403           403          403          403      403             403             403                   403
cancel_duty             -         403      403           403          403        403    403     ok          403          ok                403           403          403          403      403             403             403                   403
set_retention           -         403      403           403          403        403    403     403         403          403               ok            403          403          403      403             403             403                   403
my_templates            -         403      403           403          ok         403    403     ok          403          403               403           403          403          ok       ok              403             403                   403
templates_for           -         403      403           403          ok         403    403     403         403          403               403           403          403          ok       403             403             403                   403
keep_template           -         403      403           403          ok         403    403     ok          403          403               403           403          403          ok       ok              403             403                   403
keep_shared_template    -         403      403           403          403        403    403     ok          403          403               403           403          403          403      403             403             403                   403
remove_template         -         403      403           403          ok         403    403     403         403          403               403           403          403          403      403             403             403                   403
remove_shared_template  -         403      403           403          403        403    403     ok          403          403               403           403          403          403      403             403             403                   403
mentor_threads          -         403      403           403          403        403    403     ok          403          403               403           403          403          403      403             403             403                   403
people_to_write_to      -         403      403           403          ok         403    403     403         403          403               403           403          403          ok       ok              403             403                   403
set_messages_kept       -         403      403           403          403        403    403     403         403          403               ok            403          403          403      403             403             403                   403
translating_of          -         403      403           403          403        403    403     403         403          403               ok            403          403          403      403             403             403                   403
set_translating         -         403      403           403          403        403    403     403         403          403               ok            403          403          403      403             403             403                   403
claim_person            -         ok       409           409          409        409    409     409         409          409               409           403          403          409      409             409              409                   409
back_page               ok        ok       ok            ok           ok         ok     ok      ok          ok           ok                ok            ok           ok           ok       ok              ok               ok                    ok
new_return_code         -         403      403           403          ok         403    403     403         403          403               403           403          403          403      403             403              403                   403
return_code_too_soon    -         403      403           403          409        403    403     403         403          403               403           403          403          403      403             403              403                   403
return_code_of_own      -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   ok
claim_return            -         ok       409           409          409        409    409     409         409          409               409           403          403          409      409             409              409                   409
object_to_return        -         403      404           ok           404        404    404     404         404          404               404           403          403          404      404             404              404                   404
allow_return            -         403      403           403          403        403    403     409         403          403               403           403          403          403      403             403              403                   403
allow_objected_return   -         403      403           403          403        403    403     ok          403          403               403           403          403          403      403             403              403                   403
begin_proof             -         403      ok            ok           ok         ok     ok      ok          ok           ok                ok            403          403          ok       ok              ok               ok                    ok
vouch_for               -         403      404           ok           404        404    404     404         404          404               404           403          403          404      404             404              404                   404
end_membership          -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              ok                    403
end_administrator       -         403      403           403          403        403    403     403         403          403               ok            403          403          403      403             403              403                   403
found_organisation      -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   403
enlist_machine          -         403      403           403          403        403    403     403         403          403               403           ok           ok           403      403             403              403                   403
machine_beat            -         403      403           403          403        403    403     403         403          403               403           403          ok           403      403             403              403                   403
machine_changes_since   -         403      403           403          403        403    403     403         403          403               403           ok           403          403      403             403              403                   403
machine_openings        -         403      403           403          403        403    403     403         403          403               403           403          ok           403      403             403             403                   403
machine_forget_messages -         403      403           403          403        403    403     403         403          403               403           403          ok           403      403             403             403                   403
keep_attachment            -          403        403        ok         ok         403        403        403        403        403        403        403        403        ok         403        403        403        403
send_with_attachment       -          403        403        ok         409        403        403        403        403        403        403        403        403        409        403        403        403        403
read_attachment            -          403        404        ok         ok         404        404        404        404        404        404        403        403        ok         404        404        404        404
machine_gone_attachments   -          403        403        403        403        403        403        403        403        403        403        403        ok         403        403        403        403        403
machine_removed_attachments -          403        403        403        403        403        403        403        403        403        403        403        ok         403        403        403        403        403
machine_keys            -         403      403           403          403        403    403     403         403          403               403           403          ok           403      403             403             403                   403
machine_sealed          -         403      403           403          403        403    403     403         403          403               403           403          ok           403      403             403             403                   403
machine_reseal          -         403      403           403          403        403    403     403         403          403               403           403          ok           403      403             403             403                   403
machine_alerts           -        403      403           403          403        403    403     403         403          403               403           403          ok           403      403             403              403                   403
machine_report_error    -         403      403           403          403        403    403     403         403          403               403           ok           ok           403      403             403              403                   403
machine_sweep           -         403      403           403          403        403    403     403         403          403               403           403          ok           403      403             403              403                   403
machine_waiting         -         403      403           403          403        403    403     403         403          403               403           403          ok           403      403             403              403                   403
machine_hand_on         -         403      403           403          403        403    403     403         403          403               403           403          ok           403      403             403              403                   403
rename_other            -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   403
add_to_other            -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   ok
end_in_other            -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   403
set_key_worker_in_other -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   403
open_other              -         403      403           403          403        403    403     403         403          403               403           403          403          403      403             403              403                   403
set_my_card             -         403      403           403          ok         ok     ok      ok          ok           ok                ok            403          403          ok       ok              ok               ok                    ok
set_my_photo            -         403      403           403          ok         ok     ok      ok          ok           ok                ok            403          403          ok       ok              ok               ok                    ok
set_key_worker_title    -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              ok                    403
close_days              -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              ok                    403
open_days               -         403      403           403          403        403    403     ok          403          403               ok            403          403          403      403             403              ok                    403
"""  # noqa: E501  (a table)

# Every function of the schemas public and private that anybody but its owner may execute.
EXECUTABLE = {
    "public.join_page(text)": {"anon", "authenticated"},
    "public.open_device(text)": {"anon", "authenticated"},
    "public.close_device(text)": {"anon", "authenticated"},
    "public.keep_device(text, text, text, integer, boolean)": {"authenticated"},
    "public.bind_browser(text, text, text, text)": {"authenticated"},
    "public.renew_binding(text, text)": {"authenticated"},
    "public.look_binding(text)": {"anon", "authenticated"},
    "public.try_binding(text, text[])": {"anon", "authenticated"},
    "public.drop_binding(text)": {"anon", "authenticated"},
    "public.lock_device(text)": {"anon", "authenticated"},
    "public.touch_device(text)": {"anon", "authenticated"},
    "public.unlock_device(text)": {"authenticated"},
    "public.set_lock(text, integer)": {"authenticated"},
    "public.renew_device(text, text, integer)": {"authenticated"},
    "public.close_devices(text, boolean)": {"authenticated"},
    "public.my_devices(text)": {"authenticated"},
    "public.close_one_device(text, uuid)": {"authenticated"},
    "public.my_home(text)": {"authenticated"},
    "public.my_notices()": {"authenticated"},
    "public.see_notice(uuid)": {"authenticated"},
    "public.choose_membership(text, uuid)": {"authenticated"},
    "public.update_me(text, text, text, integer)": {"authenticated"},
    "public.rename_organisation(uuid, text, integer)": {"authenticated"},
    "public.found_organisation()": {"authenticated"},
    "public.enlist_machine()": {"authenticated"},
    "public.add_person(uuid, text, text, text)": {"authenticated"},
    "public.add_role(uuid, uuid, text)": {"authenticated"},
    "public.claim_person(text)": {"authenticated"},
    "public.back_page(text)": {"anon", "authenticated"},
    "public.new_return_code(uuid, text)": {"authenticated"},
    "public.claim_return(text)": {"authenticated"},
    "public.object_to_return(uuid)": {"authenticated"},
    "public.allow_return(uuid)": {"authenticated"},
    "public.begin_proof()": {"authenticated"},
    "public.vouch_for(uuid)": {"authenticated"},
    "public.set_clearance(uuid, date, integer)": {"authenticated"},
    "public.set_key_worker(uuid, uuid, uuid, uuid)": {"authenticated"},
    "public.add_to_team(uuid, uuid, uuid, text, text[])": {"authenticated"},
    "public.leave_team(uuid, text)": {"authenticated"},
    "public.new_code(uuid)": {"authenticated"},
    "public.open_thread(uuid, text, uuid)": {"authenticated"},
    "public.older_messages(uuid, bigint)": {"authenticated"},
    "public.search_thread(uuid, bigint)": {"authenticated"},
    "public.my_threads()": {"authenticated"},
    "public.unread_messages()": {"authenticated"},
    "public.send_message(uuid, uuid, text, uuid)": {"authenticated"},
    "public.edit_message(uuid, text, integer)": {"authenticated"},
    "public.take_back_message(uuid)": {"authenticated"},
    "public.mark_messages(uuid, bigint, bigint)": {"authenticated"},
    "public.set_receipts(boolean)": {"authenticated"},
    "public.save_draft(uuid, text)": {"authenticated"},
    "public.send_or_keep_back(uuid, uuid, text, text, bigint)": {"authenticated"},
    "public.drop_kept_back(uuid, uuid)": {"authenticated"},
    "public.may_translate(uuid, integer, text)": {"authenticated"},
    "public.keep_translation(uuid, integer, text, text)": {"authenticated"},
    "public.say_translation_wrong(uuid, integer, text)": {"authenticated"},
    "public.translating_of(uuid)": {"authenticated"},
    "public.set_translating(uuid, text)": {"authenticated"},
    "public.demo_messages(uuid, jsonb)": {"authenticated"},
    "public.machine_keys()": {"authenticated"},
    "public.settle_thread(uuid, bigint)": {"authenticated"},
    "public.machine_forget_messages()": {"authenticated"},
    "public.keep_attachment(uuid, uuid, text)": {"authenticated"},
    "public.send_with_attachment(uuid, uuid, text, uuid, uuid)": {"authenticated"},
    "public.read_attachment(uuid)": {"authenticated"},
    "public.machine_gone_attachments()": {"authenticated"},
    "public.machine_removed_attachments(uuid[])": {"authenticated"},
    "public.people_to_write_to(uuid)": {"authenticated"},
    "public.mentor_threads(uuid)": {"authenticated"},
    "public.my_templates(uuid)": {"authenticated"},
    "public.templates_for(uuid)": {"authenticated"},
    "public.keep_template(uuid, uuid, boolean, text, integer)": {"authenticated"},
    "public.remove_template(uuid)": {"authenticated"},
    "public.set_messages_kept(uuid, integer, integer)": {"authenticated"},
    "public.machine_sealed(text[])": {"authenticated"},
    "public.machine_reseal(jsonb)": {"authenticated"},
    "public.my_team()": {"authenticated"},
    "public.my_young_people()": {"authenticated"},
    "public.read_together(jsonb)": {"authenticated"},
    "public.unowned_young_people(uuid, timestamp with time zone, uuid)": {"authenticated"},
    "public.young_people_of(uuid, text, text, uuid)": {"authenticated"},
    "public.staff_of(uuid, text, text, uuid)": {"authenticated"},
    "public.fitting_people(uuid, uuid, text)": {"authenticated"},
    "public.hand_over(uuid, uuid, uuid, uuid, text, boolean)": {"authenticated"},
    "public.remove_access(uuid, uuid, text)": {"authenticated"},
    "public.invite_staff(uuid, text, text, text, text)": {"authenticated"},
    "public.invite_again(uuid, text)": {"authenticated"},
    "public.invitation_page(text)": {"anon", "authenticated"},
    "public.accept_invitation(text)": {"authenticated"},
    "public.open_person(uuid)": {"authenticated"},
    "public.add_contact(uuid, uuid, jsonb)": {"authenticated"},
    "public.add_justice_fact(uuid, uuid, text, text)": {"authenticated"},
    "public.add_site(uuid, text, text, text, boolean)": {"authenticated"},
    "public.agree_opening(uuid)": {"authenticated"},
    "public.ask_opening(uuid, uuid, uuid, text, integer, text)": {"authenticated"},
    "public.unsafe_page(uuid, boolean, uuid)": {"authenticated"},
    "public.send_alert(uuid, uuid, timestamp with time zone, boolean, uuid, text, text)": {
        "authenticated"
    },
    "public.take_back_alert(uuid)": {"authenticated"},
    "public.follow_alert(uuid)": {"authenticated"},
    "public.my_alerts(uuid)": {"authenticated"},
    "public.read_alert(uuid)": {"authenticated"},
    "public.take_alert(uuid)": {"authenticated"},
    "public.give_back_alert(uuid)": {"authenticated"},
    "public.reach_alert(uuid)": {"authenticated"},
    "public.close_alert(uuid, text)": {"authenticated"},
    "public.duty_page(uuid)": {"authenticated"},
    "public.set_alert_rules(uuid, integer, text, integer)": {"authenticated"},
    "public.machine_alerts(timestamp with time zone)": {"authenticated"},
    "public.cancel_duty(uuid)": {"authenticated"},
    "public.change_contact(uuid, jsonb, integer)": {"authenticated"},
    "public.change_site(uuid, text, text, text, boolean, integer)": {"authenticated"},
    "public.close_opening(uuid)": {"authenticated"},
    "public.machine_openings()": {"authenticated"},
    "public.my_openings(uuid)": {"authenticated"},
    "public.open_consents(uuid, uuid)": {"authenticated"},
    "public.open_contacts(uuid, uuid)": {"authenticated"},
    "public.open_justice(uuid, uuid)": {"authenticated"},
    "public.open_needs(uuid, uuid)": {"authenticated"},
    "public.opening_choices(uuid)": {"authenticated"},
    "public.openings_of_me()": {"authenticated"},
    "public.plan_duty(uuid, uuid, timestamp with time zone, timestamp with time zone)": {
        "authenticated"
    },
    "public.remove_contact(uuid, integer)": {"authenticated"},
    "public.remove_justice_fact(uuid)": {"authenticated"},
    "public.set_birth_year(uuid, integer)": {"authenticated"},
    "public.set_consent(uuid, text, boolean)": {"authenticated"},
    "public.set_needs(uuid, uuid, jsonb, text[], integer)": {"authenticated"},
    "public.set_retention(uuid, text, integer)": {"authenticated"},
    "public.open_agreement(uuid, uuid)": {"authenticated"},
    "public.set_agreement(uuid, uuid, jsonb, integer)": {"authenticated"},
    "public.log_contact(uuid, uuid, text, boolean, timestamp with time zone)": {"authenticated"},
    "public.take_back_contact(uuid)": {"authenticated"},
    "public.end_membership(uuid, text)": {"authenticated"},
    "public.set_my_card(text, jsonb, date, text, text, integer)": {"authenticated"},
    "public.set_key_worker_title(uuid, text, integer)": {"authenticated"},
    "public.set_my_photo(text)": {"authenticated"},
    "public.close_days(uuid, date, date)": {"authenticated"},
    "public.open_days(uuid, date, date)": {"authenticated"},
    "public.machine_beat()": {"authenticated"},
    "public.machine_changes_since(text)": {"authenticated"},
    "public.machine_report_error(text, text, text)": {"authenticated"},
    "public.machine_sweep()": {"authenticated"},
    "public.machine_waiting()": {"authenticated"},
    "public.machine_hand_on(uuid, timestamp with time zone)": {"authenticated"},
    # Policies run these as the person who asks; without USAGE on the schema nobody can call them.
    "private.my_person()": {"authenticated"},
    "private.is_full()": {"authenticated"},
    "private.my_memberships()": {"authenticated"},
    "private.my_organisations()": {"authenticated"},
    "private.my_organisations_as(text[])": {"authenticated"},
    "private.my_organisations_cleared_as(text[])": {"authenticated"},
    "private.my_people()": {"authenticated"},
    "private.my_teams()": {"authenticated"},
    "private.my_workers()": {"authenticated"},
    "private.my_photo_folder()": {"authenticated"},
    "private.my_thread_folders()": {"authenticated"},
    "private.my_chosen_objects()": {"authenticated"},
    "private.my_objects_to_remove()": {"authenticated"},
    "private.my_machine_kind()": {"authenticated"},
    "private.second_factor_missing()": {"authenticated"},
}

# Every other right that a role has been given on something of ours.
GRANTS = {
    ("table", "public.countries", "authenticated", "SELECT"),
    ("table", "public.organisations", "authenticated", "SELECT"),
    ("table", "public.people", "authenticated", "SELECT"),
    ("table", "public.memberships", "authenticated", "SELECT"),
    ("table", "public.sites", "authenticated", "SELECT"),
    ("table", "public.closed_days", "authenticated", "SELECT"),
    ("table", "public.duties", "authenticated", "SELECT"),
    ("table", "public.justice_facts", "authenticated", "SELECT"),
    ("table", "public.consents", "authenticated", "SELECT"),
    ("table", "public.team_members", "authenticated", "SELECT"),
    ("table", "public.staff_cards", "authenticated", "SELECT"),
}
