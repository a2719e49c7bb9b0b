-- The coordinator's lists, a page at a time, and who fits into a team.
set lock_timeout = '5s';

create index team_members_now_key_workers on public.team_members (organisation_id, young_person_id)
    where part = 'key_worker' and until is null;

-- Names stand in the order of a list beside the place they belong to: else each page of a list reads
-- and sorts everybody.
alter table public.memberships add column list_name text;
comment on column public.memberships.list_name is 'The person''s name in lower case, kept by triggers.';
update public.memberships as m set list_name = lower(p.name)
from public.people as p where p.id = m.person_id;
alter table public.memberships alter column list_name set not null;
create index memberships_by_name on public.memberships (organisation_id, role, list_name, person_id);
create index memberships_by_beginning on public.memberships (organisation_id, role, since, person_id);

create function private.name_for_lists() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    select lower(p.name) into new.list_name from public.people as p where p.id = new.person_id;
    return new;
end
$$;
create trigger memberships_carry_names before insert or update of person_id, list_name
    on public.memberships for each row execute function private.name_for_lists();

create function private.rename_in_lists() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    update public.memberships as m set list_name = lower(new.name) where m.person_id = new.id;
    return null;
end
$$;
create trigger people_are_renamed_in_lists after update of name on public.people
    for each row when (new.name is distinct from old.name)
    execute function private.rename_in_lists();

create function private.page_of(p_rows json[], p_most integer) returns json
language sql immutable set search_path = '' as $$
    select json_build_object(
        'people', coalesce(array_to_json(p_rows[:p_most]), '[]'),
        'more', cardinality(p_rows) > p_most
    )
$$;

create function public.unowned_young_people(
    p_organisation uuid, p_after timestamptz, p_after_person uuid
) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    perform private.require_cleared_role(p_organisation, 'coordinator', 'administrator');
    return private.page_of(array(
        select json_build_object(
            'person_id', p.id, 'name', p.name,
            'joined', exists (select from private.sign_ins as s where s.person_id = p.id),
            'since', found.since, 'organisation_id', p_organisation
        )
        from (
            select m.person_id, m.since
            from private.current_memberships as m
            where m.organisation_id = p_organisation and m.role = 'young_person'
                and (p_after is null or (m.since, m.person_id) > (p_after, p_after_person))
                and m.person_id not in (
                    select t.young_person_id
                    from public.team_members as t
                    where t.organisation_id = p_organisation
                        and t.part = 'key_worker' and t.until is null
                        and t.person_id in (
                            select staff.person_id
                            from private.current_memberships as staff
                            where staff.organisation_id = p_organisation
                                and staff.role = 'key_worker' and staff.cleared
                        )
                )
            order by m.since, m.person_id limit 51
        ) as found
        join public.people as p on p.id = found.person_id
        order by found.since, p.id
    ), 50);
end
$$;
comment on function public.unowned_young_people is
    'Who has no key worker, or one without a valid clearance; the longest waiting first, 50 from after the given one.';

create function private.key_worker_of(p_organisation uuid, p_young_person uuid) returns json
language sql stable set search_path = '' as $$
    select json_build_object('person_id', p.id, 'name', p.name)
    from public.team_members as t
    join public.people as p on p.id = t.person_id
    where t.organisation_id = p_organisation and t.young_person_id = p_young_person
        and t.part = 'key_worker' and t.until is null
$$;

create function public.young_people_of(
    p_organisation uuid, p_search text, p_after text, p_after_person uuid
) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    perform private.require_cleared_role(p_organisation, 'coordinator', 'administrator');
    return private.page_of(array(
        select json_build_object(
            'person_id', p.id, 'name', p.name, 'since', found.since,
            'joined', exists (select from private.sign_ins as s where s.person_id = found.id),
            'key_worker', private.key_worker_of(p_organisation, found.id),
            'organisation_id', p_organisation
        )
        from (
            select m.person_id as id, m.since, m.list_name
            from public.memberships as m
            where m.organisation_id = p_organisation and m.role = 'young_person'
                and m.since <= now() and (m.until is null or m.until > now())
                and (p_search is null or strpos(m.list_name, lower(left(p_search, 80))) > 0)
                and (p_after is null or (m.list_name, m.person_id) > (lower(p_after), p_after_person))
            order by m.list_name, m.person_id limit 51
        ) as found
        join public.people as p on p.id = found.id
        order by found.list_name, p.id
    ), 50);
end
$$;
comment on function public.young_people_of is
    'By name, 50 from after the given one; search: a part of the name. Names and states, so nothing is logged.';

create function private.staff_roles(p_organisation uuid, p_person uuid) returns json
language sql stable set search_path = '' as $$
    select coalesce(json_agg(json_build_object(
        'membership_id', m.id, 'role', m.role, 'since', m.since,
        'cleared_until', m.cleared_until, 'version', m.version
    ) order by m.since, m.role), '[]')
    from public.memberships as m
    where m.organisation_id = p_organisation and m.person_id = p_person and m.role <> 'young_person'
        and m.since <= now() and (m.until is null or m.until > now())
$$;

create function public.staff_of(
    p_organisation uuid, p_search text, p_after text, p_after_person uuid
) returns json
language plpgsql stable security definer set search_path = '' as $$
declare
    v_roles constant text[] := array[
        'key_worker', 'mentor', 'trainer', 'coordinator', 'professional', 'safeguarding_lead',
        'administrator'
    ];
begin
    perform private.require_role(p_organisation, 'coordinator', 'administrator');
    return private.page_of(array(
        select json_build_object(
            'person_id', p.id, 'name', p.name,
            'joined', exists (select from private.sign_ins as s where s.person_id = p.id),
            'invitation', (
                select json_build_object('email', i.email, 'made_at', i.made_at)
                from private.invitations as i where i.person_id = found.id
            ),
            'roles', private.staff_roles(p_organisation, found.id),
            'charges', (
                select count(*) from public.team_members as t
                where t.person_id = found.id and t.organisation_id = p_organisation
                    and t.part = 'key_worker' and t.until is null
            ),
            'organisation_id', p_organisation
        )
        from (
            select distinct m.person_id as id, m.list_name
            from public.memberships as m
            where m.organisation_id = p_organisation and m.role = any (v_roles)
                and m.since <= now() and (m.until is null or m.until > now())
                and (p_search is null or strpos(m.list_name, lower(left(p_search, 80))) > 0)
                and (p_after is null or (m.list_name, m.person_id) > (lower(p_after), p_after_person))
            order by m.list_name, m.person_id limit 51
        ) as found
        join public.people as p on p.id = found.id
        order by found.list_name, p.id
    ), 50);
end
$$;
comment on function public.staff_of is
    'Everybody who works here, by name, with roles, clearances and open invitations; 50 from after the given one.';

create function public.fitting_people(p_organisation uuid, p_young_person uuid, p_part text)
returns json language plpgsql stable security definer set search_path = '' as $$
begin
    perform private.require_say_over_team(p_organisation, p_young_person);
    return (
        select coalesce(json_agg(json_build_object('person_id', p.id, 'name', p.name)
            order by lower(p.name), p.id), '[]')
        from public.people as p
        where p.id in (
            select m.person_id from private.current_memberships as m
            join private.fitting_roles as f on f.role = m.role and f.part = p_part
            where m.organisation_id = p_organisation and m.cleared
        )
        and p.id <> p_young_person
        and (p_part not in ('key_worker', 'stand_in') or p.id <> private.my_person())
        and not exists (
            select from public.team_members as t
            where t.organisation_id = p_organisation and t.young_person_id = p_young_person
                and t.person_id = p.id and t.until is null
                and (p_part <> 'key_worker' or t.part = 'key_worker')
        )
    );
end
$$;
comment on function public.fitting_people is
    'Whom the caller could bring into this team in this part today, for who may change the team.';

revoke execute on function
    private.name_for_lists(), private.rename_in_lists(),
    private.page_of(json[], integer), private.key_worker_of(uuid, uuid),
    private.staff_roles(uuid, uuid), public.unowned_young_people(uuid, timestamptz, uuid),
    public.young_people_of(uuid, text, text, uuid), public.staff_of(uuid, text, text, uuid),
    public.fitting_people(uuid, uuid, text)
    from public, anon, authenticated, service_role;
grant execute on function
    public.unowned_young_people(uuid, timestamptz, uuid),
    public.young_people_of(uuid, text, text, uuid), public.staff_of(uuid, text, text, uuid),
    public.fitting_people(uuid, uuid, text)
    to authenticated;
