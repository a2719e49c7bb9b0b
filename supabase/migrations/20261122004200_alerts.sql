-- "I do not feel safe": what a young person sent, and who may know of it.
set lock_timeout = '5s';

create table private.alert_rules (
    organisation_id uuid primary key references public.organisations (id) on delete restrict,
    minutes smallint not null check (minutes between 2 and 120),
    fallback text not null check (char_length(fallback) between 10 and 300),
    version integer not null default 1 check (version > 0),
    updated_at timestamptz not null default now()
);
comment on table private.alert_rules is
    'After how many minutes the next one is told, and what the organisation does when nobody takes an '
    'alert. Young people read it before they send one.';
create trigger alert_rules_count_versions before update on private.alert_rules
    for each row execute function private.touch();

create table private.alerts (
    id uuid primary key,
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    young_person_id uuid not null references public.people (id) on delete restrict,
    sent_at timestamptz not null default clock_timestamp(),
    about_staff boolean not null,
    about_person uuid references public.people (id) on delete restrict,
    reach text not null check (reach in ('call', 'write', 'no')),
    sealed private.sealed check (octet_length(sealed) <= 8000),
    key_id text generated always as (split_part(sealed, '.', 2)) stored,
    due_at timestamptz,
    fell_back_at timestamptz,
    taken_back_at timestamptz,
    taken_by uuid references public.people (id) on delete restrict,
    taken_at timestamptz,
    reached_at timestamptz check (reached_at >= taken_at),
    closed_by uuid references public.people (id) on delete restrict,
    closed_at timestamptz,
    outcome text check (outcome in ('safe_now', 'help_came', 'passed_on', 'not_reached')),
    constraint somebody_is_named_only_where_it_is_about_staff check (about_staff or about_person is null),
    constraint nobody_reads_about_themselves check (
        about_person is null
        or (about_person is distinct from taken_by and about_person is distinct from closed_by)
    ),
    constraint taken_as_a_whole check (num_nulls(taken_by, taken_at) in (0, 2)),
    constraint reached_by_somebody check (reached_at is null or taken_at is not null),
    constraint closed_as_a_whole check (num_nulls(closed_by, closed_at, outcome) in (0, 3)),
    constraint ends_one_way check (taken_back_at is null or closed_at is null),
    constraint nothing_is_due_after_the_end check (
        due_at is null or num_nonnulls(taken_back_at, taken_at, closed_at, fell_back_at) = 0
    )
);
comment on table private.alerts is
    'The id comes from who sends, so that sending twice is once. sealed: what they wrote, sealed in the '
    'app process for this id; taken away with the alert when it was sent by mistake.';
comment on column private.alerts.due_at is 'When the next one is told; null: nobody is left to be told.';
create index alerts_by_organisation on private.alerts (organisation_id, sent_at);
create index alerts_by_young_person on private.alerts (young_person_id, sent_at);
create index alerts_by_about on private.alerts (about_person);
create index alerts_by_taker on private.alerts (taken_by);
create index alerts_by_closer on private.alerts (closed_by);
create index alerts_by_key on private.alerts (key_id);
create index alerts_due on private.alerts (due_at) where due_at is not null;
create index alerts_waiting on private.alerts (sent_at)
    where taken_at is null and closed_at is null and taken_back_at is null;

create table private.alert_tellings (
    alert_id uuid not null references private.alerts (id) on delete cascade,
    person_id uuid not null references public.people (id) on delete restrict,
    step text not null check (step in ('duty', 'next', 'fallback')),
    told_at timestamptz not null,
    primary key (alert_id, person_id)
);
comment on table private.alert_tellings is
    'Who was told, when, and why: they had duty, they were next on the rota, or nobody had taken it.';
create index alert_tellings_by_person on private.alert_tellings (person_id);

alter table private.alert_rules enable row level security;
alter table private.alert_rules force row level security;
alter table private.alerts enable row level security;
alter table private.alerts force row level security;
alter table private.alert_tellings enable row level security;
alter table private.alert_tellings force row level security;
revoke all on private.alert_rules, private.alerts, private.alert_tellings
    from public, anon, authenticated, service_role;

alter table private.access_log drop constraint access_log_what_check;
alter table private.access_log add constraint access_log_what_check check (what in (
    'person', 'needs', 'contacts', 'justice', 'consents', 'alert',
    'opening_asked', 'opening', 'opened_person', 'opened_needs', 'opened_contacts',
    'thread', 'mentor_thread', 'opened_thread'
));

create function private.alert_readers(
    p_organisation uuid, p_young_person uuid, p_about_staff boolean, p_about_person uuid, p_sent timestamptz
) returns table (person_id uuid, leads boolean)
language sql stable rows 10 set search_path = '' as $$
    select m.person_id, bool_or(m.role <> 'key_worker')
    from private.current_memberships as m
    where m.organisation_id = p_organisation and m.cleared
        and m.role in ('key_worker', 'coordinator', 'safeguarding_lead')
        and (m.role <> 'key_worker' or not p_about_staff)
        and m.person_id <> p_young_person and m.person_id is distinct from p_about_person
        and exists (select from private.sign_ins as s where s.person_id = m.person_id)
        and not (p_about_staff and exists (
            select from public.team_members as t
            where t.young_person_id = p_young_person and t.person_id = m.person_id
                and (t.until is null or t.until > p_sent - interval '30 days')
        ))
    group by m.person_id
$$;
comment on function private.alert_readers is
    'Who may know of it at all; leads: without being told first. About somebody who works here: '
    'coordinators and safeguarding leads, nobody who is or was within 30 days in the young person''s '
    'team, here or elsewhere, and never whom it is about.';

create function private.readers_of(p_alert private.alerts) returns table (person_id uuid, leads boolean)
language sql stable rows 10 set search_path = '' as $$
    select r.person_id, r.leads from private.alert_readers(
        p_alert.organisation_id, p_alert.young_person_id, p_alert.about_staff, p_alert.about_person,
        p_alert.sent_at
    ) as r
$$;

create function private.may_see_alert(p_alert private.alerts) returns boolean
language sql stable set search_path = '' as $$
    select exists (
        select from private.readers_of(p_alert) as r
        where r.person_id = (select private.my_person()) and (r.leads or (
            coalesce(p_alert.closed_at, p_alert.taken_back_at, now()) > now() - interval '1 day'
            and exists (
                select from private.alert_tellings as told
                where told.alert_id = p_alert.id and told.person_id = r.person_id
            )
        ))
    )
$$;
comment on function private.may_see_alert is
    'Leads while it is kept; others who were told until a day after its end. Asked anew at each call.';

create function private.on_duty(p_organisation uuid, p_at timestamptz) returns setof uuid
language sql stable rows 5 set search_path = '' as $$
    select distinct d.person_id from public.duties as d
    where d.organisation_id = p_organisation and d.starts_at <= p_at and d.ends_at > p_at
$$;

create function private.alert_minutes(p_organisation uuid) returns interval
language sql stable set search_path = '' as $$
    select make_interval(mins => coalesce(
        (select r.minutes from private.alert_rules as r where r.organisation_id = p_organisation), 10
    ))
$$;

create function private.alert_state(p_alert private.alerts) returns text
language sql immutable set search_path = '' as $$
    select case
        when p_alert.taken_back_at is not null then 'taken_back'
        when p_alert.closed_at is not null then 'closed'
        when p_alert.reached_at is not null then 'reached'
        when p_alert.taken_at is not null then 'taken'
        when p_alert.fell_back_at is not null then 'fallback'
        else 'waiting'
    end
$$;

create function private.hint_alert(p_alert uuid) returns void
language sql set search_path = '' as $$
    select private.hint('alert', a.id, a.young_person_id || array(
        select r.person_id from private.readers_of(a) as r
        where r.leads or exists (
            select from private.alert_tellings as told
            where told.alert_id = a.id and told.person_id = r.person_id
        )
    )) from private.alerts as a where a.id = p_alert
$$;

create function private.tell_of_alert(
    p_alert uuid, p_people uuid[], p_step text, p_at timestamptz
) returns integer
language plpgsql set search_path = '' as $$
declare
    v_told integer;
begin
    insert into private.alert_tellings (alert_id, person_id, step, told_at)
    select p_alert, someone, p_step, p_at from unnest(p_people) as someone
    on conflict do nothing;
    get diagnostics v_told = row_count;
    return v_told;
end
$$;

create function private.advance_alert(p_alert uuid, p_at timestamptz) returns void
language plpgsql set search_path = '' as $$
declare
    v_alert private.alerts;
    v_next uuid;
begin
    select a.* into strict v_alert from private.alerts as a where a.id = p_alert for update;
    if v_alert.fell_back_at is null and (
        select count(*) from private.alert_tellings as told
        where told.alert_id = v_alert.id and told.step = 'next'
    ) < 2 then
        select d.person_id into v_next
        from public.duties as d
        join private.readers_of(v_alert) as r on r.person_id = d.person_id
        where d.organisation_id = v_alert.organisation_id
            and d.starts_at > p_at and d.starts_at <= p_at + interval '24 hours'
            and not exists (
                select from private.alert_tellings as told
                where told.alert_id = v_alert.id and told.person_id = d.person_id
            )
        order by d.starts_at, d.id limit 1;
    end if;
    if v_next is not null then
        perform private.tell_of_alert(v_alert.id, array[v_next], 'next', p_at);
        update private.alerts as a
        set due_at = p_at + private.alert_minutes(v_alert.organisation_id) where a.id = v_alert.id;
    else
        perform private.tell_of_alert(v_alert.id, array(
            select r.person_id from private.readers_of(v_alert) as r where r.leads
        ), 'fallback', p_at);
        update private.alerts as a set due_at = null, fell_back_at = p_at where a.id = v_alert.id;
    end if;
    perform private.hint_alert(v_alert.id);
end
$$;
comment on function private.advance_alert is
    'Tells the next one on the rota of the coming 24 hours, at most two of them, one after the other; '
    'then everybody who leads, and that is the end: from there on what the organisation wrote counts.';

revoke execute on function
    private.alert_readers(uuid, uuid, boolean, uuid, timestamptz), private.readers_of(private.alerts),
    private.may_see_alert(private.alerts), private.on_duty(uuid, timestamptz),
    private.alert_minutes(uuid), private.alert_state(private.alerts), private.hint_alert(uuid),
    private.tell_of_alert(uuid, uuid[], text, timestamptz),
    private.advance_alert(uuid, timestamptz)
    from public, anon, authenticated, service_role;
