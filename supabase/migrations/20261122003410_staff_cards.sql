-- What staff say about themselves to the people they work with, and the organisation's own word for
-- a key worker.
set lock_timeout = '5s';

alter table public.organisations add column key_worker_title private.name;
comment on column public.organisations.key_worker_title is
    'What people here call a key worker. Null: the word of the catalogue, in each reader''s language.';

create function private.are_office_hours(p_hours jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
    v_time constant text := '^([01][0-9]|2[0-3]):[0-5][0-9]$';
    v_hour jsonb;
    v_before integer := 0;
begin
    if jsonb_typeof(p_hours) is distinct from 'array' then
        return false;
    end if;
    for v_hour in select h.value from jsonb_array_elements(p_hours) as h loop
        if (jsonb_typeof(v_hour) = 'object'
            and (select count(*) from jsonb_object_keys(v_hour)) = 3
            and v_hour ->> 'day' ~ '^[1-7]$'
            and v_hour ->> 'from' ~ v_time and v_hour ->> 'to' ~ v_time
            and v_hour ->> 'from' < v_hour ->> 'to' collate "C"
            and (v_hour ->> 'day')::integer > v_before) is not true
        then
            return false;
        end if;
        v_before := (v_hour ->> 'day')::integer;
    end loop;
    return true;
end
$$;
comment on function private.are_office_hours is
    'True for [{"day": 1, "from": "09:00", "to": "17:00"}, …]: each weekday (Monday is 1) at most once, in order.';

create table public.staff_cards (
    person_id uuid primary key references public.people (id) on delete cascade,
    pronouns private.name check (char_length(pronouns) <= 40),
    office_hours jsonb not null default '[]'
        constraint office_hours_are_hours check (private.are_office_hours(office_hours)),
    back_on date,
    version integer not null default 1 check (version > 0),
    updated_at timestamptz not null default now()
);
comment on column public.staff_cards.office_hours is 'In the time zone of the person.';
comment on column public.staff_cards.back_on is 'The first day they are there again; away until then.';

create trigger staff_cards_count_versions before update on public.staff_cards
    for each row execute function private.touch();

create function private.my_workers() returns setof uuid
language sql stable security definer rows 30 set search_path = '' as $$
    select t.person_id
    from private.sign_ins as me
    join private.current_teams as t on t.young_person_id = me.person_id
    where me.user_id = (select auth.uid()) and t.cleared is not null
    union
    select theirs.person_id
    from private.sign_ins as me
    join private.current_memberships as mine
        on mine.person_id = me.person_id and mine.role <> 'young_person' and mine.cleared
    join private.current_memberships as theirs
        on theirs.organisation_id = mine.organisation_id and theirs.role <> 'young_person'
    where me.user_id = (select auth.uid())
$$;
comment on function private.my_workers is
    'Whose card I may read: who is in my team, and for cleared staff everybody who works there.';

alter table public.staff_cards enable row level security;
alter table public.staff_cards force row level security;

create policy "people can read their own card and those of who works with them" on public.staff_cards
    for select to authenticated using (
        not (select private.second_factor_missing()) and (
            person_id = (select private.my_person())
            or person_id in (select private.my_workers())
        )
    );

create function public.set_key_worker_title(p_organisation uuid, p_title text, p_version integer)
returns integer language plpgsql security definer set search_path = '' as $$
declare
    v_title text;
    v_seen public.organisations;
begin
    perform private.require_role(p_organisation, 'coordinator', 'administrator');
    perform private.require_given(jsonb_build_object('version', p_version));
    v_title := case when private.trimmed(p_title) <> '' then private.checked_name(p_title, 'title') end;
    select o.* into strict v_seen from public.organisations as o where o.id = p_organisation for update;
    if v_seen.version <> p_version then
        perform private.refuse('PT409', 'changed_meanwhile', jsonb_build_object('version', v_seen.version));
    end if;
    if v_seen.key_worker_title is not distinct from v_title then
        return v_seen.version;
    end if;
    update public.organisations as o set key_worker_title = v_title where o.id = p_organisation;
    perform private.record(
        'organisation_renamed', 'organisation', p_organisation, p_organisation, array['key_worker_title']
    );
    perform private.hint('organisation', p_organisation, array(
        select m.person_id from private.current_memberships as m where m.organisation_id = p_organisation
    ));
    return v_seen.version + 1;
end
$$;
comment on function public.set_key_worker_title is
    'The word people here read for a key worker; an empty one is that of the catalogue.';

revoke all on public.staff_cards from public, anon, authenticated, service_role;
grant select on public.staff_cards to authenticated;
revoke execute on function
    private.are_office_hours(jsonb), private.my_workers(),
    public.set_key_worker_title(uuid, text, integer)
    from public, anon, authenticated, service_role;
grant execute on function
    private.my_workers(), public.set_key_worker_title(uuid, text, integer)
    to authenticated;
