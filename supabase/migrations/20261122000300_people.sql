-- Organisations, the people in them, and what each person may see of the others.
set lock_timeout = '5s';

create table public.countries (
    code char(2) primary key check (code ~ '^[A-Z]{2}$')
);
comment on table public.countries is 'ISO 3166-1 alpha-2. Reference rows come from seed.sql.';

create table public.organisations (
    id uuid primary key default gen_random_uuid(),
    name private.name not null,
    town private.name not null,
    country char(2) not null references public.countries (code),
    time_zone private.time_zone not null,
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index organisations_by_country on public.organisations (country);

create table public.people (
    id uuid primary key default gen_random_uuid(),
    name private.name not null,
    language private.language not null,
    time_zone private.time_zone not null,
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
-- Apart from people: a person exists before they can sign in, stays when a sign-in is taken away, and
-- has a second one after getting back in.
create table private.sign_ins (
    user_id uuid primary key references auth.users (id) on delete cascade,
    person_id uuid not null references public.people (id) on delete cascade,
    created_at timestamptz not null default now(),
    full_from timestamptz not null default now()
);
comment on column private.sign_ins.full_from is
    'Before this the sign-in reads and writes, but decides nothing about the person''s other sign-ins.';
create index sign_ins_by_person on private.sign_ins (person_id);

comment on column public.people.name is 'The name to use, chosen freely; not a legal name.';

create table public.memberships (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    person_id uuid not null references public.people (id) on delete restrict,
    role text not null check (role in (
        'young_person', 'key_worker', 'mentor', 'trainer', 'coordinator',
        'professional', 'safeguarding_lead', 'administrator'
    )),
    since timestamptz not null default now(),
    until timestamptz check (until >= since),
    version integer not null default 1 check (version > 0),
    updated_at timestamptz not null default now(),
    -- One joined key: with the columns apart PostgreSQL also uses this index to find memberships by
    -- person, and reads hundreds of its pages where the plain index below reads three.
    constraint one_current_membership_per_role exclude using gist (
        (organisation_id::text || person_id::text || role) with =, tstzrange(since, until) with &&
    )
);
comment on table public.memberships is 'Rows are ended, never deleted: the history of who belonged where.';
create index memberships_by_person on public.memberships (person_id);
create index memberships_by_organisation on public.memberships (organisation_id, role);

create trigger organisations_count_versions before update on public.organisations
    for each row execute function private.touch();
create trigger people_count_versions before update on public.people
    for each row execute function private.touch();
create trigger memberships_count_versions before update on public.memberships
    for each row execute function private.touch();

create view private.current_memberships with (security_invoker = true) as
select m.id, m.organisation_id, m.person_id, m.role, m.since
from public.memberships as m
where m.since <= now() and (m.until is null or m.until > now());

-- Helpers for policies: set-returning, run once per query, written as `in (select …)`. Each is one
-- flat query with the number of rows to expect: nested or without it, PostgreSQL reads whole tables.

create function private.my_person() returns uuid
language sql stable security definer set search_path = '' as $$
    select s.person_id from private.sign_ins as s where s.user_id = (select auth.uid())
$$;

create function private.is_full() returns boolean
language sql stable security definer set search_path = '' as $$
    select exists (
        select from private.sign_ins as s
        where s.user_id = (select auth.uid()) and s.full_from <= now()
    )
$$;
comment on function private.is_full is
    'Whether my sign-in may decide about my other ones: not in the first days after getting back in.';

create function private.my_memberships() returns setof uuid
language sql stable security definer rows 3 set search_path = '' as $$
    select mine.id
    from private.sign_ins as me
    join private.current_memberships as mine on mine.person_id = me.person_id
    where me.user_id = (select auth.uid())
$$;

create function private.my_organisations() returns setof uuid
language sql stable security definer rows 3 set search_path = '' as $$
    select mine.organisation_id
    from private.sign_ins as me
    join private.current_memberships as mine on mine.person_id = me.person_id
    where me.user_id = (select auth.uid())
$$;

create function private.my_organisations_as(variadic p_roles text[]) returns setof uuid
language sql stable security definer rows 2 set search_path = '' as $$
    select mine.organisation_id
    from private.sign_ins as me
    join private.current_memberships as mine on mine.person_id = me.person_id
    where me.user_id = (select auth.uid()) and mine.role = any (p_roles)
$$;

create function private.my_people() returns setof uuid
language sql stable security definer rows 100 set search_path = '' as $$
    select me.person_id from private.sign_ins as me where me.user_id = (select auth.uid())
    union
    select theirs.person_id
    from private.sign_ins as me
    join private.current_memberships as mine
        on mine.person_id = me.person_id and mine.role in ('coordinator', 'administrator')
    join private.current_memberships as theirs on theirs.organisation_id = mine.organisation_id
    where me.user_id = (select auth.uid())
$$;
comment on function private.my_people is 'Whom I may see: myself, and the people of an organisation I coordinate or administer.';

create function private.who_sees(p_person uuid) returns uuid[]
language sql stable security definer set search_path = '' as $$
    select array_agg(distinct seer.person_id) from (
        select p_person as person_id
        union
        select staff.person_id
        from private.current_memberships as theirs
        join private.current_memberships as staff
            on staff.organisation_id = theirs.organisation_id
            and staff.role in ('coordinator', 'administrator')
        where theirs.person_id = p_person
    ) as seer
$$;
comment on function private.who_sees is 'The mirror of my_people: who must hear of a change to this person.';

alter table public.countries enable row level security;
alter table public.countries force row level security;
alter table public.organisations enable row level security;
alter table public.organisations force row level security;
alter table public.people enable row level security;
alter table public.people force row level security;
alter table public.memberships enable row level security;
alter table public.memberships force row level security;
alter table private.sign_ins enable row level security;
alter table private.sign_ins force row level security;

create policy "people can read the countries" on public.countries
    for select to authenticated using ((select private.my_person()) is not null);

create policy "members can see their organisation" on public.organisations
    for select to authenticated using (id in (select private.my_organisations()));

create policy "people can see themselves and those they coordinate" on public.people
    for select to authenticated using (id in (select private.my_people()));

create policy "people can see their own memberships and those they coordinate" on public.memberships
    for select to authenticated using (
        person_id = (select private.my_person())
        or organisation_id in (select private.my_organisations_as('coordinator', 'administrator'))
    );

revoke all on public.countries, public.organisations, public.people, public.memberships
    from public, anon, authenticated, service_role;
grant select on public.countries, public.organisations, public.people, public.memberships to authenticated;
revoke all on private.current_memberships, private.sign_ins from public, anon, authenticated, service_role;

revoke execute on function
    private.my_person(), private.is_full(), private.my_memberships(), private.my_organisations(),
    private.my_organisations_as(text[]), private.my_people(), private.who_sees(uuid)
    from public, anon, authenticated, service_role;
-- Policies run these as the person who asks.
grant execute on function
    private.my_person(), private.my_memberships(), private.my_organisations(),
    private.my_organisations_as(text[]), private.my_people()
    to authenticated;
