-- The people around one young person, and what each of them may therefore see.
set lock_timeout = '5s';

create table private.fitting_roles (
    part text not null check (part in ('key_worker', 'stand_in', 'mentor', 'professional')),
    role text not null,
    primary key (part, role)
);
comment on table private.fitting_roles is 'Which role in the organisation lets somebody have a part in a team.';
insert into private.fitting_roles (part, role) values
    ('key_worker', 'key_worker'), ('stand_in', 'key_worker'), ('stand_in', 'coordinator'),
    ('mentor', 'mentor'), ('professional', 'professional');

create function private.life_areas() returns text[]
language sql immutable set search_path = '' as $$
    select array[
        'housing', 'health', 'mind', 'money', 'law_papers', 'family_care', 'learning', 'work',
        'getting_around', 'staying_safe', 'relationships'
    ]
$$;

create table public.team_members (
    id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references public.organisations (id) on delete restrict,
    young_person_id uuid not null references public.people (id) on delete restrict,
    person_id uuid not null references public.people (id) on delete restrict,
    part text not null check (part in ('key_worker', 'stand_in', 'mentor', 'professional')),
    life_areas text[],
    -- The clock and not the transaction's time: who waited for a lock comes after who held it.
    since timestamptz not null default clock_timestamp(),
    until timestamptz check (until >= since),
    made_by uuid references public.people (id) on delete set null,
    version integer not null default 1 check (version > 0),
    updated_at timestamptz not null default now(),
    constraint nobody_is_in_their_own_team check (person_id <> young_person_id),
    constraint life_areas_are_for_professionals check ((part = 'professional') = (life_areas is not null)),
    constraint life_areas_are_known
        check (life_areas <@ private.life_areas() and cardinality(life_areas) between 1 and 11),
    constraint one_key_worker_at_a_time exclude using gist (
        (organisation_id::text || young_person_id::text) with =, tstzrange(since, until) with &&
    ) where (part = 'key_worker'),
    constraint one_part_at_a_time exclude using gist (
        (organisation_id::text || young_person_id::text || person_id::text) with =,
        tstzrange(since, until) with &&
    )
);
comment on table public.team_members is
    'A part somebody has in a team. Rows are ended, never deleted or given to somebody else.';
create index team_members_by_organisation on public.team_members (organisation_id);
create index team_members_by_young_person on public.team_members (young_person_id);
create index team_members_by_person on public.team_members (person_id);
create index team_members_by_maker on public.team_members (made_by);

create trigger team_members_count_versions before update on public.team_members
    for each row execute function private.touch();

create view private.current_teams with (security_invoker = true) as
select
    t.id, t.organisation_id, t.young_person_id, t.person_id, t.part, t.life_areas, t.since,
    (
        select bool_or(staff.cleared)
        from private.current_memberships as staff
        join private.fitting_roles as f on f.role = staff.role and f.part = t.part
        where staff.organisation_id = t.organisation_id and staff.person_id = t.person_id
    ) as cleared
from public.team_members as t
join private.current_memberships as theirs
    on theirs.organisation_id = t.organisation_id
    and theirs.person_id = t.young_person_id
    and theirs.role = 'young_person'
where t.until is null;
comment on view private.current_teams is
    'cleared: may read. False: named, but without a valid clearance. Null: has no fitting role any more.';

create or replace function private.my_people() returns setof uuid
language sql stable security definer rows 100 set search_path = '' as $$
    select me.person_id from private.sign_ins as me where me.user_id = (select auth.uid())
    union
    select theirs.person_id
    from private.sign_ins as me
    join private.current_memberships as mine
        on mine.person_id = me.person_id and mine.role in ('coordinator', 'administrator')
    join private.current_memberships as theirs on theirs.organisation_id = mine.organisation_id
    where me.user_id = (select auth.uid()) and (mine.cleared or theirs.role <> 'young_person')
    union
    select t.young_person_id
    from private.sign_ins as me
    join private.current_teams as t on t.person_id = me.person_id
    where me.user_id = (select auth.uid()) and t.part <> 'mentor' and t.cleared
$$;
comment on function private.my_people is
    'Whom I may see: myself, the people of an organisation I coordinate or administer, and the young '
    'people in whose team I am. Not a mentor''s: they get a first name, from my_young_people.';

create or replace function private.who_sees(p_person uuid) returns uuid[]
language sql stable security definer set search_path = '' as $$
    select array_agg(distinct seer.person_id) from (
        select p_person as person_id
        union
        select staff.person_id
        from private.current_memberships as theirs
        join private.current_memberships as staff
            on staff.organisation_id = theirs.organisation_id
            and staff.role in ('coordinator', 'administrator')
        where theirs.person_id = p_person and (staff.cleared or theirs.role <> 'young_person')
        union
        select t.person_id from private.current_teams as t
        where t.young_person_id = p_person and t.cleared
        union
        select t.young_person_id from private.current_teams as t
        where t.person_id = p_person and t.cleared is not null
    ) as seer
$$;
comment on function private.who_sees is
    'Who must hear of a change to this person: the mirror of my_people, my_young_people and my_team.';

create function private.my_teams() returns setof uuid
language sql stable security definer rows 100 set search_path = '' as $$
    select theirs.id
    from private.sign_ins as me
    join private.current_teams as mine on mine.person_id = me.person_id
    join public.team_members as theirs
        on theirs.organisation_id = mine.organisation_id
        and theirs.young_person_id = mine.young_person_id
        and theirs.until is null
    where me.user_id = (select auth.uid()) and mine.cleared
        and (mine.part <> 'mentor' or theirs.id = mine.id)
$$;
comment on function private.my_teams is
    'The parts in every team I am in now, with mine; of a mentor''s teams only their own part.';

alter table private.fitting_roles enable row level security;
alter table private.fitting_roles force row level security;
alter table public.team_members enable row level security;
alter table public.team_members force row level security;

create policy "people can see their own team and those they are in or coordinate" on public.team_members
    for select to authenticated using (
        young_person_id = (select private.my_person())
        or id in (select private.my_teams())
        or organisation_id in
            (select private.my_organisations_cleared_as('coordinator', 'administrator'))
    );

revoke all on private.fitting_roles, private.current_teams, public.team_members
    from public, anon, authenticated, service_role;
grant select on public.team_members to authenticated;

revoke execute on function private.life_areas(), private.my_teams()
    from public, anon, authenticated, service_role;
grant execute on function private.my_teams() to authenticated;
