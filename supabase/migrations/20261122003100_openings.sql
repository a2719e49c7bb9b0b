-- Opening a young person's page to protect them: two people, a reason, one hour.
set lock_timeout = '5s';

create function private.checked_text(p_text text, p_field text, p_least integer, p_most integer)
returns text language plpgsql immutable set search_path = '' as $$
declare
    v_text text := normalize(
        private.trimmed(regexp_replace(p_text, E'\r\n?', E'\n', 'g')), nfc
    );
    v_problem text := case
        when v_text is null then 'missing'
        when not private.shows_something(v_text) or char_length(v_text) < p_least then 'too_short'
        when char_length(v_text) > p_most then 'too_long'
        when private.hides_something(translate(v_text, E'\n', '')) then 'hidden_characters'
    end;
begin
    if v_problem is not null then
        perform private.refuse('PT422', 'text_not_valid', jsonb_build_object(
            'field', p_field, 'problem', v_problem, 'shortest', p_least, 'longest', p_most
        ));
    end if;
    return v_text;
end
$$;
comment on function private.checked_text is 'Free text of several lines; refuses what private.hides_something knows.';

create table private.openings (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    young_person_id uuid not null references public.people (id) on delete restrict,
    asked_by uuid not null references public.people (id) on delete restrict,
    asked_of uuid not null references public.people (id) on delete restrict,
    asked_at timestamptz not null default clock_timestamp(),
    reason text not null check (char_length(reason) between 20 and 1000),
    delay_hours smallint check (delay_hours between 1 and 72),
    delay_reason text check (char_length(delay_reason) between 20 and 1000),
    agreed_by uuid references public.people (id) on delete restrict,
    agreed_at timestamptz,
    ends_at timestamptz check (ends_at <= agreed_at + interval '60 minutes'),
    told_at timestamptz check (told_at >= agreed_at),
    closed_at timestamptz check (closed_at >= asked_at),
    closed_by uuid references public.people (id) on delete restrict,
    constraint two_people_and_neither_the_young_one check (
        asked_by not in (asked_of, young_person_id) and asked_of <> young_person_id
        and (agreed_by is null or agreed_by not in (asked_by, young_person_id))
    ),
    constraint a_delay_has_a_reason check ((delay_hours is null) = (delay_reason is null)),
    constraint agreed_as_a_whole check (num_nulls(agreed_by, agreed_at, ends_at) in (0, 3)),
    constraint closed_by_somebody_or_by_time check (closed_by is null or closed_at is not null)
);
comment on table private.openings is
    'Who asked whom to open which page, and what came of it. Reasons stand in words, so no role reads '
    'the table; my_openings shows them to the two, to who is asked, and to safeguarding leads.';
comment on column private.openings.closed_by is 'Null with closed_at: it lapsed, or its hour was over.';
create index openings_by_organisation on private.openings (organisation_id, asked_at);
create index openings_by_young_person on private.openings (young_person_id);
create index openings_by_asker on private.openings (asked_by);
create index openings_by_who_is_asked on private.openings (asked_of);
create index openings_by_who_agreed on private.openings (agreed_by);
create index openings_by_who_closed on private.openings (closed_by);
create index openings_still_going on private.openings (asked_at) where closed_at is null;
create index openings_not_told on private.openings (agreed_at) where told_at is null;
create unique index openings_one_at_a_time
    on private.openings (organisation_id, young_person_id, asked_by) where closed_at is null;

alter table private.openings enable row level security;
alter table private.openings force row level security;
revoke all on private.openings from public, anon, authenticated, service_role;

alter table private.access_log drop constraint access_log_what_check;
alter table private.access_log add constraint access_log_what_check check (what in (
    'person', 'needs', 'contacts', 'justice', 'consents',
    'opening_asked', 'opening', 'opened_person', 'opened_needs', 'opened_contacts'
));
comment on column private.access_log.what is
    'What was opened; opened_…: through an opening to protect somebody. opening_asked and opening are '
    'the two people of one, by whom it began.';

create function private.may_protect(p_organisation uuid, p_person uuid) returns boolean
language sql stable set search_path = '' as $$
    select exists (
        select from private.current_memberships as m
        where m.organisation_id = p_organisation and m.person_id = p_person and m.cleared
            and m.role in ('coordinator', 'safeguarding_lead')
    )
$$;

create function private.log_protection(p_organisation uuid, p_young_person uuid, p_what text) returns void
language sql set search_path = '' as $$
    select private.log_access(p_organisation, mine.id, mine.role, p_young_person, p_what)
    from private.current_memberships as mine
    where mine.organisation_id = p_organisation and mine.person_id = (select private.my_person())
        and mine.cleared and mine.role in ('coordinator', 'safeguarding_lead')
    order by mine.role limit 1
$$;

create function private.ways_by_opening(p_person uuid)
returns table (organisation_id uuid, membership_id uuid, role text)
language sql stable rows 1 set search_path = '' as $$
    select distinct on (o.organisation_id) o.organisation_id, mine.id, mine.role
    from private.openings as o
    join private.current_memberships as mine
        on mine.organisation_id = o.organisation_id and mine.cleared
        and mine.role in ('coordinator', 'safeguarding_lead')
        and mine.person_id in (o.asked_by, o.agreed_by)
    join private.current_memberships as theirs
        on theirs.organisation_id = o.organisation_id
        and theirs.person_id = p_person and theirs.role = 'young_person'
    where o.young_person_id = p_person and o.closed_at is null and o.ends_at > now()
        and mine.person_id = (select private.my_person())
    order by o.organisation_id, mine.role
$$;
comment on function private.ways_by_opening is
    'Through which running openings I may read about this young person, one for each organisation.';

revoke execute on function
    private.checked_text(text, text, integer, integer), private.may_protect(uuid, uuid),
    private.log_protection(uuid, uuid, text), private.ways_by_opening(uuid)
    from public, anon, authenticated, service_role;
